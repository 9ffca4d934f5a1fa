-- Logs that are followed, and sources of lines that are no files (src/input/store.c).

-- since when a log that was named is followed: its rotated files that were written after
-- that belong to it, older ones do not
CREATE TABLE input_followed (
	path BLOB PRIMARY KEY,
	since INTEGER NOT NULL          -- real time, whatever --now says: files have it too
) STRICT;

-- how far a journal was read
CREATE TABLE input_cursor (
	name BLOB PRIMARY KEY,
	cursor BLOB NOT NULL,
	line INTEGER NOT NULL,          -- entries read so far
	matcher BLOB NOT NULL,          -- what lines leave behind for later lines
	seen_at INTEGER NOT NULL
) STRICT;
