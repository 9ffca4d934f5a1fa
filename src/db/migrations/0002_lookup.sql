-- contact: answers of registries, by what they are about (src/contact/store.c).
-- Networks have family 4 or 6 and a range; domains have family 0 and a name.
CREATE TABLE finding (
	id INTEGER PRIMARY KEY,
	family INTEGER NOT NULL,
	first BLOB NOT NULL,
	last BLOB NOT NULL,
	domain TEXT NOT NULL,
	handle TEXT NOT NULL,
	name TEXT NOT NULL,
	organisation TEXT NOT NULL,
	country TEXT NOT NULL,
	registry TEXT NOT NULL,
	found_in TEXT NOT NULL,
	origin TEXT NOT NULL,           -- AS numbers, blanks between
	asked_at INTEGER NOT NULL,
	UNIQUE (family, first, last, domain)
) STRICT;
CREATE INDEX finding_domain ON finding (domain, family);
CREATE INDEX finding_asked_at ON finding (asked_at);

CREATE TABLE finding_contact (
	finding INTEGER NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	address TEXT NOT NULL,
	kind INTEGER NOT NULL,          -- numbers as in contact/contact.h
	scope INTEGER NOT NULL,
	role INTEGER NOT NULL,
	found_by INTEGER NOT NULL,
	server TEXT NOT NULL,
	object TEXT NOT NULL,
	family INTEGER NOT NULL,        -- the range it speaks for
	first BLOB NOT NULL,
	last BLOB NOT NULL,
	confidence REAL NOT NULL,
	suspect INTEGER NOT NULL,
	checked_at INTEGER NOT NULL,
	PRIMARY KEY (finding, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_rejected (
	finding INTEGER NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	address BLOB NOT NULL,          -- as found
	reason TEXT NOT NULL,
	PRIMARY KEY (finding, position)
) STRICT, WITHOUT ROWID;
