-- incident: mails that are the evidence (src/incident/mail_store.c). Of each only its
-- header block is kept, and by its hash it counts once.
CREATE TABLE incident_mail (
	sha256 BLOB PRIMARY KEY,        -- of the header block
	incident TEXT NOT NULL REFERENCES incident (id) ON UPDATE CASCADE ON DELETE CASCADE,
	at INTEGER NOT NULL,            -- when our server took it
	kind TEXT NOT NULL,             -- spam, phish, virus
	depth INTEGER NOT NULL,         -- Received fields of our own above the one believed
	header BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_mail_incident ON incident_mail (incident, at);
