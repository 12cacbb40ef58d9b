-- Times are microseconds since 1970 (BIGINT), structured values are JSON (TEXT), numbers are never used twice.
-- What a person said or what is known of them hangs on people or conversations by ON DELETE CASCADE, so that erasing a
-- person is deleting one row. Cases, facts and tombstones hold no words of theirs and stay.
-- Every key begins with the brand, foreign keys too: no row can hang on a row of another brand. So does every index,
-- because every statement names the brand. Text is compared byte by byte, as in SQLite: numbers of places are looked up by
-- what they begin with.


CREATE TABLE people (
    person_id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand       TEXT COLLATE "C"   NOT NULL,
    name        TEXT COLLATE "C"   NOT NULL,
    locale      TEXT COLLATE "C",
    state       TEXT COLLATE "C"   NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    UNIQUE (brand, person_id)
);
CREATE INDEX people_by_age ON people (brand, seen_at);

CREATE TABLE identities (
    brand          TEXT COLLATE "C"   NOT NULL,
    platform       TEXT COLLATE "C"   NOT NULL,
    platform_user  TEXT COLLATE "C"   NOT NULL,
    person_id      BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (brand, platform, platform_user),
    FOREIGN KEY (brand, person_id) REFERENCES people (brand, person_id) ON DELETE CASCADE
);
CREATE INDEX identities_of_person ON identities (brand, person_id);

CREATE TABLE conversations (
    conversation_id  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand            TEXT COLLATE "C"   NOT NULL,
    platform         TEXT COLLATE "C"   NOT NULL,
    place_id         TEXT COLLATE "C"   NOT NULL,
    place_kind       TEXT COLLATE "C"   NOT NULL,
    place_name       TEXT COLLATE "C"   NOT NULL,
    person_id        BIGINT NOT NULL,
    platform_user    TEXT COLLATE "C"   NOT NULL,
    phase            TEXT COLLATE "C"   NOT NULL,
    owner_kind       TEXT COLLATE "C"   NOT NULL,
    owner_id         TEXT COLLATE "C"   NOT NULL,
    epoch            BIGINT NOT NULL,
    version          BIGINT NOT NULL,
    state            TEXT COLLATE "C"   NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    UNIQUE (brand, conversation_id),
    UNIQUE (brand, platform, place_id, person_id),
    FOREIGN KEY (brand, person_id) REFERENCES people (brand, person_id) ON DELETE CASCADE
);
CREATE INDEX conversations_of_person ON conversations (brand, person_id);
CREATE INDEX conversations_by_age ON conversations (brand, updated_at);

CREATE TABLE inbox (
    inbox_id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand            TEXT COLLATE "C"   NOT NULL,
    platform         TEXT COLLATE "C"   NOT NULL,
    event_id         TEXT COLLATE "C"   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    message_id       TEXT COLLATE "C",
    kind             TEXT COLLATE "C"   NOT NULL,
    at               BIGINT NOT NULL,
    received_at      BIGINT NOT NULL,
    payload          TEXT COLLATE "C",
    attempts         BIGINT NOT NULL DEFAULT 0,
    not_before       BIGINT NOT NULL DEFAULT 0,
    last_error       TEXT COLLATE "C",
    parked_at        BIGINT,
    done_at          BIGINT,
    UNIQUE (brand, platform, event_id),
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE INDEX inbox_waiting ON inbox (brand, conversation_id, inbox_id) WHERE done_at IS NULL;
CREATE INDEX inbox_parked ON inbox (brand, inbox_id) WHERE parked_at IS NOT NULL;
CREATE INDEX inbox_of_conversation ON inbox (brand, conversation_id, message_id);
CREATE INDEX inbox_by_age ON inbox (brand, done_at) WHERE done_at IS NOT NULL;

CREATE TABLE transcript (
    transcript_id    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand            TEXT COLLATE "C"   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    person_id        BIGINT NOT NULL,
    platform         TEXT COLLATE "C"   NOT NULL,
    place_id         TEXT COLLATE "C"   NOT NULL,
    at               BIGINT NOT NULL,
    speaker          TEXT COLLATE "C"   NOT NULL,
    agent            TEXT COLLATE "C",
    message_id       TEXT COLLATE "C",
    replies_to       TEXT COLLATE "C",
    text             TEXT COLLATE "C"   NOT NULL,
    said             TEXT COLLATE "C"   NOT NULL,
    asks             BIGINT NOT NULL,
    state            TEXT COLLATE "C"   NOT NULL,
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE INDEX transcript_of_conversation ON transcript (brand, conversation_id, at);
CREATE INDEX transcript_of_place ON transcript (brand, platform, place_id, at);
CREATE INDEX transcript_by_age ON transcript (brand, at);

CREATE TABLE outbox (
    outbox_id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand                TEXT COLLATE "C"   NOT NULL,
    platform             TEXT COLLATE "C"   NOT NULL,
    conversation_id      BIGINT NOT NULL,
    transcript_id        BIGINT,
    kind                 TEXT COLLATE "C"   NOT NULL,
    case_number          BIGINT,
    queue                TEXT COLLATE "C"   NOT NULL,
    lane                 BIGINT NOT NULL,
    gated                BIGINT NOT NULL,
    epoch                BIGINT NOT NULL,
    owner_kind           TEXT COLLATE "C"   NOT NULL,
    owner_id             TEXT COLLATE "C"   NOT NULL,
    body                 TEXT COLLATE "C",
    state                TEXT COLLATE "C"   NOT NULL,
    attempts             BIGINT NOT NULL DEFAULT 0,
    not_before           BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    done_at              BIGINT,
    platform_message_id  TEXT COLLATE "C",
    last_error           TEXT COLLATE "C",
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE INDEX outbox_open ON outbox (brand, platform, lane, outbox_id) WHERE done_at IS NULL;
CREATE INDEX outbox_order ON outbox (brand, conversation_id, queue, outbox_id) WHERE done_at IS NULL;
CREATE INDEX outbox_of_conversation ON outbox (brand, conversation_id);
CREATE INDEX outbox_posts ON outbox (brand, platform, platform_message_id) WHERE platform_message_id IS NOT NULL;
CREATE INDEX outbox_by_age ON outbox (brand, done_at) WHERE done_at IS NOT NULL;

CREATE TABLE cases (
    brand            TEXT COLLATE "C"   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    number           BIGINT NOT NULL,
    platform         TEXT COLLATE "C"   NOT NULL,
    state            TEXT COLLATE "C"   NOT NULL,
    owner_kind       TEXT COLLATE "C"   NOT NULL,
    owner_id         TEXT COLLATE "C"   NOT NULL,
    owner_name       TEXT COLLATE "C"   NOT NULL,
    epoch            BIGINT NOT NULL,
    reason           TEXT COLLATE "C"   NOT NULL,
    priority         BIGINT NOT NULL,
    team             TEXT COLLATE "C"   NOT NULL,
    opened_at        BIGINT NOT NULL,
    queued_at        BIGINT NOT NULL,
    claimed_at       BIGINT,
    waited           BIGINT,
    first_reply_at   BIGINT,
    closed_at        BIGINT,
    outcome          TEXT COLLATE "C",
    reopened         BIGINT NOT NULL,
    PRIMARY KEY (brand, conversation_id, number)
);
CREATE INDEX cases_open ON cases (brand, priority DESC, queued_at, conversation_id) WHERE closed_at IS NULL;
CREATE INDEX cases_claimed ON cases (brand, claimed_at) WHERE claimed_at IS NOT NULL;
CREATE INDEX cases_by_age ON cases (brand, closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE timers (
    conversation_id  BIGINT NOT NULL,
    kind             TEXT COLLATE "C"   NOT NULL,
    brand            TEXT COLLATE "C"   NOT NULL,
    due              BIGINT NOT NULL,
    PRIMARY KEY (brand, conversation_id, kind),
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE INDEX timers_due ON timers (brand, due);

CREATE TABLE notes (
    note_id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand            TEXT COLLATE "C"   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    case_number      BIGINT NOT NULL,
    agent            TEXT COLLATE "C"   NOT NULL,
    text             TEXT COLLATE "C"   NOT NULL,
    at               BIGINT NOT NULL,
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE INDEX notes_of_conversation ON notes (brand, conversation_id);
CREATE INDEX notes_by_age ON notes (brand, at);

CREATE TABLE decisions (
    decision_id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand            TEXT COLLATE "C"   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    inbox_id         BIGINT NOT NULL,
    message_id       TEXT COLLATE "C",
    at               BIGINT NOT NULL,
    why              TEXT COLLATE "C"   NOT NULL,
    silence          TEXT COLLATE "C",
    voice            TEXT COLLATE "C"   NOT NULL,
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE INDEX decisions_of_conversation ON decisions (brand, conversation_id, decision_id);
CREATE INDEX decisions_by_age ON decisions (brand, at);

CREATE TABLE facts (
    fact_id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand            TEXT COLLATE "C"   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    platform         TEXT COLLATE "C"   NOT NULL,
    at               BIGINT NOT NULL,
    kind             TEXT COLLATE "C"   NOT NULL,
    body             TEXT COLLATE "C"   NOT NULL,
    voice            TEXT COLLATE "C"   NOT NULL
);
CREATE INDEX facts_by_age ON facts (brand, at);

-- Who was erased, as a salted hash that gives nobody away, so that a replay of what came before is not stored again.
CREATE TABLE tombstones (
    brand      TEXT COLLATE "C"   NOT NULL,
    subject    TEXT COLLATE "C"   NOT NULL,
    erased_at  BIGINT NOT NULL,
    PRIMARY KEY (brand, subject)
);

CREATE TABLE settings (
    name   TEXT COLLATE "C" PRIMARY KEY,
    value  TEXT COLLATE "C" NOT NULL
);
INSERT INTO settings (name, value) VALUES ('tombstone_salt', replace(CAST(gen_random_uuid() AS TEXT) || CAST(gen_random_uuid() AS TEXT), '-', ''));
