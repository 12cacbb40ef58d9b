-- Connections that are begun anew (Discord's sessions), of which platforms allow few in a day: by all processes together,
-- whatever ends them.
CREATE TABLE sessions (
    session_id  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand       TEXT COLLATE "C" NOT NULL,
    platform    TEXT COLLATE "C" NOT NULL,
    part        BIGINT NOT NULL,
    -- Sessions of one lane are begun one after the other.
    lane        BIGINT NOT NULL,
    -- asked: it is being begun; begun; failed: nobody knows whether it was.
    state       TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL
);
CREATE INDEX sessions_by_time ON sessions (brand, platform, at);
