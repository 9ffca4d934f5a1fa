-- case: the desk's last answer, for what follows (src/reply/)
ALTER TABLE kase ADD COLUMN answered_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE kase ADD COLUMN answer_id TEXT NOT NULL DEFAULT '';  -- its Message-ID
