-- incident: logins that worked, the first of each source, user and week: who could log in
-- before may fail later without being an attacker; by source and not by incident, because
-- nearly all belong to none (src/incident/login_store.c). Pruned by draft.
CREATE TABLE login (
	site TEXT NOT NULL,
	source BLOB NOT NULL,           -- 4 or 16 bytes, of a prefix its first address
	week INTEGER NOT NULL,          -- since 1970
	user BLOB NOT NULL,             -- empty: the log names none
	at INTEGER NOT NULL,
	PRIMARY KEY (site, source, week, user)
) STRICT, WITHOUT ROWID;

-- incident: when its earliest acts were: microseconds, in order, a blank between them
ALTER TABLE incident ADD COLUMN early TEXT NOT NULL DEFAULT '';
