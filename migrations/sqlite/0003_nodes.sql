-- What several processes on one database need; on this one there is a single process, and these stay as they are.

ALTER TABLE conversations ADD COLUMN holder TEXT;
ALTER TABLE conversations ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN holder TEXT;

-- What is looked up for all brands at once: which of them have something to do.
CREATE INDEX timers_by_due ON timers (due);
CREATE INDEX outbox_sending ON outbox (outbox_id) WHERE state = 'sending';
