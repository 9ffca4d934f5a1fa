-- The store of one machine. All instants are microseconds since 1970 UTC. Addresses are
-- 4 or 16 bytes. Foreign keys point to earlier stages only (docs/architecture.md).

-- input: how far each log was read, by content (src/input/store.c)
CREATE TABLE input_position (
	id INTEGER PRIMARY KEY,
	head_len INTEGER NOT NULL,
	head_sha256 BLOB NOT NULL,
	offset INTEGER NOT NULL,
	tail_len INTEGER NOT NULL,
	tail_sha256 BLOB NOT NULL,
	line INTEGER NOT NULL,
	path BLOB NOT NULL,
	matcher BLOB NOT NULL,          -- what lines leave behind for later lines
	seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX input_position_head ON input_position (head_sha256);

-- incident: counts of one source in one window (src/incident/store.c)
CREATE TABLE incident (
	id TEXT PRIMARY KEY,            -- a hash of what one window of one source is
	site TEXT NOT NULL,
	source BLOB NOT NULL,           -- empty: known by name only
	source_bits INTEGER NOT NULL,
	source_name BLOB NOT NULL,
	resolved_at INTEGER NOT NULL,
	base TEXT NOT NULL,             -- category by the rule
	category TEXT NOT NULL,         -- category after classification
	window_start INTEGER NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL,
	count INTEGER NOT NULL,
	successes INTEGER NOT NULL,
	success_at INTEGER NOT NULL,
	minute_at INTEGER NOT NULL,     -- the minute being counted, for the peak
	minute_count INTEGER NOT NULL,
	peak INTEGER NOT NULL,          -- acts in its busiest minute
	certainty INTEGER NOT NULL,
	time_basis INTEGER NOT NULL,
	verdict TEXT NOT NULL,
	reasons TEXT NOT NULL,          -- one a line
	answered TEXT NOT NULL DEFAULT ''  -- a person's word on a possible compromise: ours, theirs
) STRICT;
CREATE INDEX incident_source ON incident (source, base, window_start);

CREATE TABLE incident_fact (
	incident TEXT NOT NULL REFERENCES incident (id) ON UPDATE CASCADE ON DELETE CASCADE,
	kind INTEGER NOT NULL,          -- enum incident_list; value empty: beyond the list's cap
	value BLOB NOT NULL,
	count INTEGER NOT NULL,
	PRIMARY KEY (incident, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_target (
	incident TEXT NOT NULL REFERENCES incident (id) ON UPDATE CASCADE ON DELETE CASCADE,
	host BLOB NOT NULL,
	address BLOB NOT NULL,          -- empty: not known
	name TEXT NOT NULL,             -- from [hosts]
	count INTEGER NOT NULL,
	PRIMARY KEY (incident, host, address)
) STRICT, WITHOUT ROWID;

-- Chosen lines, sealed in a chain as they come; never deleted, only their text erased.
CREATE TABLE evidence (
	id INTEGER PRIMARY KEY,
	incident TEXT NOT NULL REFERENCES incident (id) ON UPDATE CASCADE ON DELETE CASCADE,
	at INTEGER NOT NULL,
	time_basis INTEGER NOT NULL,
	file BLOB NOT NULL,
	line INTEGER NOT NULL,
	text BLOB,                      -- NULL once erased; the hash stays
	user BLOB NOT NULL,
	source_port INTEGER NOT NULL,
	target_port INTEGER NOT NULL,
	sha256 BLOB NOT NULL,
	chain_sha256 BLOB NOT NULL,     -- of the chain before and this line's hash
	retention TEXT NOT NULL DEFAULT 'evidence'
) STRICT;
CREATE INDEX evidence_incident ON evidence (incident, at);

-- The newest line of each incident: replaced as the log grows, so not part of the chain.
CREATE TABLE evidence_last (
	incident TEXT PRIMARY KEY REFERENCES incident (id) ON UPDATE CASCADE ON DELETE CASCADE,
	at INTEGER NOT NULL,
	time_basis INTEGER NOT NULL,
	file BLOB NOT NULL,
	line INTEGER NOT NULL,
	text BLOB NOT NULL,
	user BLOB NOT NULL,
	source_port INTEGER NOT NULL,
	target_port INTEGER NOT NULL,
	sha256 BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- case: what one contact is to be told at once (src/case/store.c)
CREATE TABLE kase (
	id TEXT PRIMARY KEY,            -- short and random, for people
	contact TEXT NOT NULL,          -- mail address; empty: nobody to tell
	network TEXT NOT NULL,          -- its key where there is no contact, else empty
	window_start INTEGER NOT NULL,
	window_end INTEGER NOT NULL,
	state TEXT NOT NULL,            -- open, approved, sent, closed
	found TEXT NOT NULL,            -- where the contact was found, in words
	networks TEXT NOT NULL,         -- one a line
	wide TEXT NOT NULL,             -- further contacts, "role address", one a line
	is_wide INTEGER NOT NULL DEFAULT 0,  -- they were asked for: draft --wide
	answer BLOB NOT NULL,           -- the look-up's whole answer, JSON
	opened_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	outcome TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX kase_contact ON kase (contact, network, state);

CREATE TABLE case_incident (
	incident TEXT PRIMARY KEY REFERENCES incident (id) ON UPDATE CASCADE,
	kase TEXT NOT NULL REFERENCES kase (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_incident_case ON case_incident (kase);

-- report: revisions of messages (src/report/store.c)
CREATE TABLE report (
	id INTEGER PRIMARY KEY,
	kase TEXT NOT NULL REFERENCES kase (id),
	part TEXT NOT NULL,             -- a source, or 'all'
	revision INTEGER NOT NULL,
	recipients TEXT NOT NULL,       -- one a line, the first is the contact
	token TEXT NOT NULL,
	message_id TEXT NOT NULL,
	subject TEXT NOT NULL,
	memo TEXT NOT NULL,
	csv TEXT NOT NULL,
	parts TEXT NOT NULL,            -- machine-readable parts and why there is none, JSON
	facts_sha256 BLOB NOT NULL,     -- of subject, memo, csv, parts, recipients
	state TEXT NOT NULL,            -- draft, approved, replaced, withdrawn
	made_at INTEGER NOT NULL,
	message BLOB,                   -- the exact bytes, from approval on
	sha256 BLOB,                    -- of them
	approved_at INTEGER NOT NULL DEFAULT 0,
	approved_by TEXT NOT NULL DEFAULT '',
	UNIQUE (kase, part, revision)
) STRICT;

-- delivery: the outbox; one row per message that was handed over or is to be
-- (src/delivery/store.c). `attempt` counts claims: who claimed before may write no more.
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	report INTEGER NOT NULL UNIQUE REFERENCES report (id),
	message_id TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL,            -- ready, claimed, sending, sent, deferred, failed, in doubt, withdrawn
	attempt INTEGER NOT NULL,
	worker TEXT NOT NULL,           -- who claimed it last (src/os/process.h)
	lease_until INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	sending_at INTEGER NOT NULL,    -- for the caps: when it left, or may have left; else 0
	answer TEXT NOT NULL            -- why it is where it is; the other side's words
) STRICT;
CREATE INDEX outbox_state ON outbox (state);
CREATE INDEX outbox_sending ON outbox (sending_at);

-- The ledger: every state a message went to, in order; rows are only added.
CREATE TABLE delivery (
	id INTEGER PRIMARY KEY,
	outbox INTEGER NOT NULL REFERENCES outbox (id),
	at INTEGER NOT NULL,
	event TEXT NOT NULL,            -- state it went to
	words TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_outbox ON delivery (outbox, id);

CREATE TABLE suppression (
	scope TEXT NOT NULL,            -- address, domain, network
	key TEXT NOT NULL,
	reason TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

-- who did what, when: every command that changes a case writes here
CREATE TABLE audit (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	verb TEXT NOT NULL,
	object TEXT NOT NULL,
	words TEXT NOT NULL
) STRICT;
CREATE INDEX audit_object ON audit (object, id);

CREATE TABLE installation (
	key TEXT PRIMARY KEY,           -- pseudonym-key, chain-head
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
