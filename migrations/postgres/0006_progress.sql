-- How far a delivery got that takes several calls, as its adapter says: so that whoever goes on after a crash does not repeat
-- what was done.
ALTER TABLE outbox ADD COLUMN progress TEXT COLLATE "C";
