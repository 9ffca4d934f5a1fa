-- proxy: answers of WHOIS servers, by the question, so that they outlive the proxy's process
-- (src/proxy/store.c); `about` is in the range from `first` to `last`, all empty for none
CREATE TABLE whois_answer (
	key BLOB PRIMARY KEY,
	asked_at INTEGER NOT NULL,
	fresh_us INTEGER NOT NULL,
	servers BLOB NOT NULL,
	asked BLOB NOT NULL,
	text BLOB NOT NULL,
	about BLOB NOT NULL,
	first BLOB NOT NULL,
	last BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX whois_answer_asked_at ON whois_answer (asked_at);
