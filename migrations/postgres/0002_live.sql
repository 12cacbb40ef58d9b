-- What live platforms need: how a person can be answered at the moment, buttons, and events that nothing is known of.

ALTER TABLE conversations ADD COLUMN via TEXT COLLATE "C";
-- Whether an earlier try may have reached the platform without our having heard of it.
ALTER TABLE outbox ADD COLUMN unsure BIGINT NOT NULL DEFAULT 0;
-- How whoever caused it can be answered, and under which post for the team it was done.
ALTER TABLE inbox ADD COLUMN via TEXT COLLATE "C";
ALTER TABLE inbox ADD COLUMN post TEXT COLLATE "C";
ALTER TABLE outbox ADD COLUMN via TEXT COLLATE "C";
ALTER TABLE outbox ADD COLUMN post TEXT COLLATE "C";

-- Places that go by another number.
CREATE TABLE renumbered (
    brand     TEXT COLLATE "C" NOT NULL,
    platform  TEXT COLLATE "C" NOT NULL,
    old       TEXT COLLATE "C" NOT NULL,
    new       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (brand, platform, old)
);

CREATE TABLE buttons (
    token            TEXT COLLATE "C"   NOT NULL,
    brand            TEXT COLLATE "C"   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    outbox_id        BIGINT NOT NULL,
    number           BIGINT NOT NULL,
    platform         TEXT COLLATE "C"   NOT NULL,
    audience         TEXT COLLATE "C"   NOT NULL,
    action           TEXT COLLATE "C"   NOT NULL,
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
    brand          TEXT COLLATE "C"   NOT NULL,
    platform       TEXT COLLATE "C"   NOT NULL,
    event_id       TEXT COLLATE "C"   NOT NULL,
    kind           TEXT COLLATE "C"   NOT NULL,
    platform_user  TEXT COLLATE "C",
    received_at    BIGINT NOT NULL,
    payload        TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (brand, platform, event_id)
);
CREATE INDEX unknown_events_by_age ON unknown_events (brand, received_at);
