-- Many processes on one database: who is at work, who does what, who works on which conversation and sends what.

-- The server's clock decides who is at work, in microseconds since 1970.
CREATE FUNCTION housevoice_now() RETURNS BIGINT LANGUAGE SQL VOLATILE AS
    $$ SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) $$;

-- Processes. The word of one that it works holds until a moment.
CREATE TABLE nodes (
    node      TEXT COLLATE "C" PRIMARY KEY,
    process   BIGINT NOT NULL,
    began_at  BIGINT NOT NULL,
    until     BIGINT NOT NULL
);

-- What one process at a time does.
CREATE TABLE duties (
    duty    TEXT COLLATE "C" PRIMARY KEY,
    holder  TEXT COLLATE "C",
    since   BIGINT NOT NULL
);

-- Which process works on it, and how often that has changed hands: what a process writes counts only under the number that
-- it took it with.
ALTER TABLE conversations ADD COLUMN holder TEXT COLLATE "C";
ALTER TABLE conversations ADD COLUMN fence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN holder TEXT COLLATE "C";

-- What is looked up for all brands at once: which of them have something to do.
CREATE INDEX timers_by_due ON timers (due);
CREATE INDEX outbox_sending ON outbox (outbox_id) WHERE state = 'sending';
