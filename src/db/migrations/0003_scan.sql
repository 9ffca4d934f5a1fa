-- incident: what tells scans apart over time. A sketch goes on counting what is different
-- once a list is full (src/incident/sketch.h); kind as in incident_fact, 100: targets.
CREATE TABLE incident_sketch (
	incident TEXT NOT NULL REFERENCES incident (id) ON UPDATE CASCADE ON DELETE CASCADE,
	kind INTEGER NOT NULL,
	registers BLOB NOT NULL,
	beyond INTEGER NOT NULL,        -- acts that did not fit; of targets only
	PRIMARY KEY (incident, kind)
) STRICT, WITHOUT ROWID;
ALTER TABLE incident ADD COLUMN last_port INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident ADD COLUMN steps INTEGER NOT NULL DEFAULT 0;       -- from port to port
ALTER TABLE incident ADD COLUMN steps_next INTEGER NOT NULL DEFAULT 0;  -- to the next one
