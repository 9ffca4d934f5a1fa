-- report: the addresses that a submission to a public database names (src/report/store.c);
-- report.kind is 'database' for it, and its part begins with the database's name
CREATE TABLE submission (
	report INTEGER NOT NULL REFERENCES report (id),
	source TEXT NOT NULL,
	database TEXT NOT NULL,
	PRIMARY KEY (report, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX submission_source ON submission (database, source);
