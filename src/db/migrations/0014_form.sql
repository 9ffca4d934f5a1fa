-- case: where its contact is a form, the mailbox whose desk takes that instead
-- (src/case/store.c); kase.state may be 'to fill in', and so may outbox.state: a person
-- has the form in hand
ALTER TABLE kase ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
