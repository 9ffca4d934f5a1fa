-- contact: what was taken of each server's budget, by every process on this store, and
-- which servers do not want to be asked now (src/contact/budget_store.c). Times are real,
-- whatever --now says: servers count in real time.

-- A lot: so many questions, asked at the latest then. One that a killed process took
-- counts as asked.
CREATE TABLE budget (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	until INTEGER NOT NULL,
	taken INTEGER NOT NULL
) STRICT;
CREATE INDEX budget_name ON budget (name, until);

CREATE TABLE back_off (
	host TEXT PRIMARY KEY,
	refused_at INTEGER NOT NULL,
	until INTEGER NOT NULL,
	times INTEGER NOT NULL,         -- refusals in a row
	words TEXT NOT NULL             -- the server's own
) STRICT, WITHOUT ROWID;
