-- What live platforms need: how a person can be answered at the moment, buttons, and events that nothing is known of.

ALTER TABLE conversations ADD COLUMN via TEXT;
-- Whether an earlier try may have reached the platform without our having heard of it.
ALTER TABLE outbox ADD COLUMN unsure BIGINT NOT NULL DEFAULT 0;
-- How whoever caused it can be answered, and under which post for the team it was done.
ALTER TABLE inbox ADD COLUMN via TEXT;
ALTER TABLE inbox ADD COLUMN post TEXT;
ALTER TABLE outbox ADD COLUMN via TEXT;
ALTER TABLE outbox ADD COLUMN post TEXT;

-- Places that go by another number.
CREATE TABLE renumbered (
    brand     TEXT NOT NULL,
    platform  TEXT NOT NULL,
    old       TEXT NOT NULL,
    new       TEXT NOT NULL,
    PRIMARY KEY (brand, platform, old)
);

CREATE TABLE buttons (
    token            TEXT   NOT NULL,
    brand            TEXT   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    outbox_id        BIGINT NOT NULL,
    number           BIGINT NOT NULL,
    platform         TEXT   NOT NULL,
    audience         TEXT   NOT NULL,
    action           TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL,
    used_at          BIGINT,
    PRIMARY KEY (brand, token),
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE INDEX buttons_of_message ON buttons (brand, outbox_id, number);
CREATE INDEX buttons_of_conversation ON buttons (brand, conversation_id);
CREATE INDEX buttons_by_age ON buttons (brand, expires_at);

CREATE TABLE unknown_events (
    brand          TEXT   NOT NULL,
    platform       TEXT   NOT NULL,
    event_id       TEXT   NOT NULL,
    kind           TEXT   NOT NULL,
    platform_user  TEXT,
    received_at    BIGINT NOT NULL,
    payload        TEXT   NOT NULL,
    PRIMARY KEY (brand, platform, event_id)
);
CREATE INDEX unknown_events_by_age ON unknown_events (brand, received_at);
