-- incident: what we did: since when a source is blocked, and until when; by address and
-- not by incident, because a ban may be read before the attack (src/incident/block_store.c)
CREATE TABLE block (
	site TEXT NOT NULL,
	source BLOB NOT NULL,           -- 4 or 16 bytes, the full address
	blocker TEXT NOT NULL,          -- fail2ban
	jail BLOB NOT NULL,
	banned_at INTEGER NOT NULL,
	unbanned_at INTEGER NOT NULL,   -- 0: not known to have ended
	PRIMARY KEY (site, source, banned_at, blocker, jail)
) STRICT, WITHOUT ROWID;

-- input: rows of databases that were counted, by what they say: a database has no position
-- that stays, because its rows are purged and their numbers come again (src/input/store.c)
CREATE TABLE input_record (
	sha256 BLOB PRIMARY KEY,
	seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
