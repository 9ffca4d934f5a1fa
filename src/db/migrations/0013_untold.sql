-- What public databases are not told of the case, and why: a line each.
ALTER TABLE kase ADD COLUMN untold TEXT NOT NULL DEFAULT '';
