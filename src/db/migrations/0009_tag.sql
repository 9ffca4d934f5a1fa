-- case: the tag by which the desk knows it, as it stands in its subjects
ALTER TABLE kase ADD COLUMN tag TEXT NOT NULL DEFAULT '';
