-- delivery: mail that waits, and why (src/delivery/store.c)
ALTER TABLE outbox ADD COLUMN until INTEGER NOT NULL DEFAULT 0;  -- not before; 0: not known
ALTER TABLE outbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;  -- the other side said later

-- report: what kind of mail it is (src/report/store.c)
ALTER TABLE report ADD COLUMN kind TEXT NOT NULL DEFAULT 'report';      -- report, correction
ALTER TABLE report ADD COLUMN thread TEXT NOT NULL DEFAULT '';          -- Message-ID it answers
ALTER TABLE report ADD COLUMN is_unattended INTEGER NOT NULL DEFAULT 0; -- approved by a policy
ALTER TABLE report ADD COLUMN edited_by TEXT NOT NULL DEFAULT '';       -- whose words it has

-- case: whom its contact stands for, which refused mail (src/case/store.c)
ALTER TABLE kase ADD COLUMN instead_of TEXT NOT NULL DEFAULT '';

-- contact: mailboxes that refused mail for good: the next contact is written to
-- (src/contact/refused_store.c)
CREATE TABLE refused (
	address TEXT PRIMARY KEY,       -- in lower case
	at INTEGER NOT NULL,
	words TEXT NOT NULL             -- of the other side
) STRICT, WITHOUT ROWID;

-- delivery: the reporter's own way out and back, tried (src/delivery/trip_store.c)
CREATE TABLE trip (
	plus TEXT PRIMARY KEY,          -- the plus-address as configured; empty: none
	token TEXT NOT NULL,            -- of the mails last sent
	out_id TEXT NOT NULL,           -- Message-ID of the one to the plain address
	back_id TEXT NOT NULL,          -- of the one to the plus-address; empty: none
	began_at INTEGER NOT NULL,
	out_at INTEGER NOT NULL,        -- when each was seen in the box; 0: not yet
	back_at INTEGER NOT NULL,
	envelope TEXT NOT NULL,         -- as received
	spf TEXT NOT NULL,
	dkim TEXT NOT NULL
) STRICT, WITHOUT ROWID;
