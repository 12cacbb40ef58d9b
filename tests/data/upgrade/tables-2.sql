PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'begin','2026-11-24 11:19:04',1,X'c8c3509492ba22d4cce520e31ec2a14fa755815f5b7fc29bc79848faafe49e2c35fc868184a38555cfba2747fc41d05d',17896386);
INSERT INTO _sqlx_migrations VALUES(2,'live','2026-11-24 11:19:04',1,X'951e95e39d5325198682904abfa1c41471eccd519f87dfe6ba7ef6bd5e3a335eab0e8926447f0e35362bd8bba6dcf69c',5246589);
CREATE TABLE people (
    person_id   INTEGER PRIMARY KEY AUTOINCREMENT,
    brand       TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    locale      TEXT,
    state       TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    UNIQUE (brand, person_id)
);
INSERT INTO people VALUES(1,'lantern-loom','',NULL,'{"disclosed_at":"2026-11-24T11:19:04.824725638Z","locale":"en-GB","opted_out":false,"shown":{"answer:delivery.time":{"last":16616857239550394843,"times":1},"line:disclosure":{"last":8673510674715390588,"times":1},"line:handoff_open":{"last":12045116245085976823,"times":1},"slot:country":{"last":12209849208195677687,"times":1}},"slots":{"country":{"until":"2027-02-22T11:19:34.824725638Z","value":{"choice":"DE"}}}}',4,1795519144824725,1795519234824725);
CREATE TABLE identities (
    brand          TEXT   NOT NULL,
    platform       TEXT   NOT NULL,
    platform_user  TEXT   NOT NULL,
    person_id      BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (brand, platform, platform_user),
    FOREIGN KEY (brand, person_id) REFERENCES people (brand, person_id) ON DELETE CASCADE
);
INSERT INTO identities VALUES('lantern-loom','console','customer',1,1795519144824725);
CREATE TABLE conversations (
    conversation_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    brand            TEXT   NOT NULL,
    platform         TEXT   NOT NULL,
    place_id         TEXT   NOT NULL,
    place_kind       TEXT   NOT NULL,
    place_name       TEXT   NOT NULL,
    person_id        BIGINT NOT NULL,
    platform_user    TEXT   NOT NULL,
    phase            TEXT   NOT NULL,
    owner_kind       TEXT   NOT NULL,
    owner_id         TEXT   NOT NULL,
    epoch            BIGINT NOT NULL,
    version          BIGINT NOT NULL,
    state            TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL, via TEXT,
    UNIQUE (brand, conversation_id),
    UNIQUE (brand, platform, place_id, person_id),
    FOREIGN KEY (brand, person_id) REFERENCES people (brand, person_id) ON DELETE CASCADE
);
INSERT INTO conversations VALUES(1,'lantern-loom','console','dm-customer','direct','',1,'customer','queued','queue','care',2,5,'{"album":null,"asking":null,"cases":1,"choices":null,"epoch":2,"given":{"delivery.time|Choice(ChoiceId(\"DE\"))":1},"held":null,"irritation":0,"last_answer":{"answers":["delivery.time"],"at":"2026-11-24T11:19:34.824725638Z","others":[]},"locale":"en-GB","misses":0,"mood":null,"phase":{"queued":{"case":{"id":{"conversation":1,"number":1},"last_agent":null,"opened_at":"2026-11-24T11:20:04.824725638Z","priority":"normal","queued_at":"2026-11-24T11:20:04.824725638Z","quiet":false,"reason":"asked_for_person","reopened":0,"team":"care","told_rule":null},"delayed_at":"2026-11-24T11:35:04.824725638Z","give_up_at":"2026-12-08T11:20:04.824725638Z","told_at":"2026-11-24T11:20:04.824725638Z"}},"session_ends":null,"slots":{"country":{"choice":"DE"}},"turns":[{"at":"2026-11-24T11:19:04.824725638Z","by":"customer","message_id":"1795519144824725-29203-1","text":"How long does delivery take?"},{"at":"2026-11-24T11:19:04.824725638Z","by":"bot","message_id":null,"text":"This is Loomie, the Lantern & Loom bot. Our team wrote its answers; for a person, write human at any time.\n\nWhich country should the parcel go to?"},{"at":"2026-11-24T11:19:34.824725638Z","by":"customer","message_id":"1795519144824725-29203-2","text":"germany"},{"at":"2026-11-24T11:19:34.824725638Z","by":"bot","message_id":null,"text":"Once it has left us, a parcel to Germany takes 3 to 4 working days. We email you a link to follow it."},{"at":"2026-11-24T11:20:04.824725638Z","by":"bot","message_id":null,"text":"We''ve asked a person to join you here. You''re number 1 in the queue."},{"at":"2026-11-24T11:20:34.824725638Z","by":"customer","message_id":"1795519144824725-29203-4","text":"my lamp arrived broken"}],"turns_without_answer":0}',1795519144824725,1795519234824725,NULL);
CREATE TABLE inbox (
    inbox_id         INTEGER PRIMARY KEY AUTOINCREMENT,
    brand            TEXT   NOT NULL,
    platform         TEXT   NOT NULL,
    event_id         TEXT   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    message_id       TEXT,
    kind             TEXT   NOT NULL,
    at               BIGINT NOT NULL,
    received_at      BIGINT NOT NULL,
    payload          TEXT,
    attempts         BIGINT NOT NULL DEFAULT 0,
    not_before       BIGINT NOT NULL DEFAULT 0,
    last_error       TEXT,
    parked_at        BIGINT,
    done_at          BIGINT, via TEXT, post TEXT,
    UNIQUE (brand, platform, event_id),
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
INSERT INTO inbox VALUES(1,'lantern-loom','console','1795519144824725-29203-1',1,'1795519144824725-29203-1','message',1795519144824725,1795519144824725,'{"message":{"id":"1795519144824725-29203-1","at":"2026-11-24T11:19:04.824725638Z","text":"How long does delivery take?","author":"person","mentions_bot":false,"replies_to":null,"forwarded":false,"by_command":false,"for_person":false,"opens_post":false,"album":null,"attachments":[]}}',0,0,NULL,NULL,1795519144824725,NULL,NULL);
INSERT INTO inbox VALUES(2,'lantern-loom','console','1795519144824725-29203-2',1,'1795519144824725-29203-2','message',1795519174824725,1795519174824725,'{"message":{"id":"1795519144824725-29203-2","at":"2026-11-24T11:19:34.824725638Z","text":"germany","author":"person","mentions_bot":false,"replies_to":null,"forwarded":false,"by_command":false,"for_person":false,"opens_post":false,"album":null,"attachments":[]}}',0,0,NULL,NULL,1795519174824725,NULL,NULL);
INSERT INTO inbox VALUES(3,'lantern-loom','console','1795519144824725-29203-3',1,NULL,'command',1795519204824725,1795519204824725,'{"command":"human"}',0,0,NULL,NULL,1795519204824725,NULL,NULL);
INSERT INTO inbox VALUES(4,'lantern-loom','console','1795519144824725-29203-4',1,'1795519144824725-29203-4','message',1795519234824725,1795519234824725,'{"message":{"id":"1795519144824725-29203-4","at":"2026-11-24T11:20:34.824725638Z","text":"my lamp arrived broken","author":"person","mentions_bot":false,"replies_to":null,"forwarded":false,"by_command":false,"for_person":false,"opens_post":false,"album":null,"attachments":[]}}',0,0,NULL,NULL,1795519234824725,NULL,NULL);
CREATE TABLE transcript (
    transcript_id    INTEGER PRIMARY KEY AUTOINCREMENT,
    brand            TEXT   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    person_id        BIGINT NOT NULL,
    platform         TEXT   NOT NULL,
    place_id         TEXT   NOT NULL,
    at               BIGINT NOT NULL,
    speaker          TEXT   NOT NULL,
    agent            TEXT,
    message_id       TEXT,
    replies_to       TEXT,
    text             TEXT   NOT NULL,
    said             TEXT   NOT NULL,
    asks             BIGINT NOT NULL,
    state            TEXT   NOT NULL,
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
INSERT INTO transcript VALUES(1,'lantern-loom',1,1,'console','dm-customer',1795519144824725,'customer',NULL,'1795519144824725-29203-1',NULL,'How long does delivery take?','[]',1,'kept');
INSERT INTO transcript VALUES(2,'lantern-loom',1,1,'console','dm-customer',1795519144824725,'bot',NULL,NULL,NULL,replace('This is Loomie, the Lantern & Loom bot. Our team wrote its answers; for a person, write human at any time.\n\nWhich country should the parcel go to?','\n',char(10)),'[{"what":"line:disclosure","variant":0,"locale":"en-GB"},{"what":"slot:country","variant":0,"locale":"en-GB"}]',0,'sent');
INSERT INTO transcript VALUES(3,'lantern-loom',1,1,'console','dm-customer',1795519174824725,'customer',NULL,'1795519144824725-29203-2',NULL,'germany','[]',0,'kept');
INSERT INTO transcript VALUES(4,'lantern-loom',1,1,'console','dm-customer',1795519174824725,'bot',NULL,NULL,NULL,'Once it has left us, a parcel to Germany takes 3 to 4 working days. We email you a link to follow it.','[{"what":"answer:delivery.time","variant":1,"locale":"en-GB"}]',0,'sent');
INSERT INTO transcript VALUES(5,'lantern-loom',1,1,'console','dm-customer',1795519204824725,'bot',NULL,NULL,NULL,'We''ve asked a person to join you here. You''re number 1 in the queue.','[{"what":"line:handoff_open","variant":0,"locale":"en-GB"}]',0,'sent');
INSERT INTO transcript VALUES(6,'lantern-loom',1,1,'console','dm-customer',1795519234824725,'customer',NULL,'1795519144824725-29203-4',NULL,'my lamp arrived broken','[]',0,'kept');
CREATE TABLE outbox (
    outbox_id            INTEGER PRIMARY KEY AUTOINCREMENT,
    brand                TEXT   NOT NULL,
    platform             TEXT   NOT NULL,
    conversation_id      BIGINT NOT NULL,
    transcript_id        BIGINT,
    kind                 TEXT   NOT NULL,
    case_number          BIGINT,
    queue                TEXT   NOT NULL,
    lane                 BIGINT NOT NULL,
    gated                BIGINT NOT NULL,
    epoch                BIGINT NOT NULL,
    owner_kind           TEXT   NOT NULL,
    owner_id             TEXT   NOT NULL,
    body                 TEXT,
    state                TEXT   NOT NULL,
    attempts             BIGINT NOT NULL DEFAULT 0,
    not_before           BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    done_at              BIGINT,
    platform_message_id  TEXT,
    last_error           TEXT, unsure BIGINT NOT NULL DEFAULT 0, via TEXT, post TEXT,
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
INSERT INTO outbox VALUES(1,'lantern-loom','console',1,2,'send',NULL,'customer',2,1,1,'bot','',NULL,'sent',1,0,1795519144824725,1795519144824725,NULL,NULL,0,NULL,NULL);
INSERT INTO outbox VALUES(2,'lantern-loom','console',1,4,'send',NULL,'customer',2,1,1,'bot','',NULL,'sent',1,0,1795519174824725,1795519174824725,NULL,NULL,0,NULL,NULL);
INSERT INTO outbox VALUES(3,'lantern-loom','console',1,5,'send',NULL,'customer',1,1,2,'queue','care',NULL,'sent',1,0,1795519204824725,1795519204824725,NULL,NULL,0,NULL,NULL);
INSERT INTO outbox VALUES(4,'lantern-loom','console',1,NULL,'staff',1,'staff',1,0,2,'queue','care',NULL,'sent',1,0,1795519204824725,1795519204824725,NULL,NULL,0,NULL,NULL);
INSERT INTO outbox VALUES(5,'lantern-loom','console',1,NULL,'staff',1,'staff',1,0,2,'queue','care',NULL,'sent',1,0,1795519234824725,1795519234824725,NULL,NULL,0,NULL,NULL);
CREATE TABLE cases (
    brand            TEXT   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    number           BIGINT NOT NULL,
    platform         TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    owner_kind       TEXT   NOT NULL,
    owner_id         TEXT   NOT NULL,
    owner_name       TEXT   NOT NULL,
    epoch            BIGINT NOT NULL,
    reason           TEXT   NOT NULL,
    priority         BIGINT NOT NULL,
    team             TEXT   NOT NULL,
    opened_at        BIGINT NOT NULL,
    queued_at        BIGINT NOT NULL,
    claimed_at       BIGINT,
    waited           BIGINT,
    first_reply_at   BIGINT,
    closed_at        BIGINT,
    outcome          TEXT,
    reopened         BIGINT NOT NULL,
    PRIMARY KEY (brand, conversation_id, number)
);
INSERT INTO cases VALUES('lantern-loom',1,1,'console','queued','queue','care','',2,'asked_for_person',0,'care',1795519204824725,1795519204824725,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE timers (
    conversation_id  BIGINT NOT NULL,
    kind             TEXT   NOT NULL,
    brand            TEXT   NOT NULL,
    due              BIGINT NOT NULL,
    PRIMARY KEY (brand, conversation_id, kind),
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
INSERT INTO timers VALUES(1,'queue_delayed','lantern-loom',1795520104824726);
INSERT INTO timers VALUES(1,'queue_given_up','lantern-loom',1796728804824726);
CREATE TABLE notes (
    note_id          INTEGER PRIMARY KEY AUTOINCREMENT,
    brand            TEXT   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    case_number      BIGINT NOT NULL,
    agent            TEXT   NOT NULL,
    text             TEXT   NOT NULL,
    at               BIGINT NOT NULL,
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
CREATE TABLE decisions (
    decision_id      INTEGER PRIMARY KEY AUTOINCREMENT,
    brand            TEXT   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    inbox_id         BIGINT NOT NULL,
    message_id       TEXT,
    at               BIGINT NOT NULL,
    why              TEXT   NOT NULL,
    silence          TEXT,
    voice            TEXT   NOT NULL,
    FOREIGN KEY (brand, conversation_id) REFERENCES conversations (brand, conversation_id) ON DELETE CASCADE
);
INSERT INTO decisions VALUES(1,'lantern-loom',1,1,'1795519144824725-29203-1',1795519144824725,'{"reading":{"normalized":"how long does delivery take?","locale":"en-GB","questions":[{"text":"How long does delivery take?","candidates":[{"answer":"delivery.time","confidence":0.99759275,"example":"How long does delivery take?"},{"answer":"delivery.cost","confidence":0.035536867,"example":"How much is delivery?"},{"answer":"delivery.missed","confidence":0.028048562,"example":"missed delivery"},{"answer":"returns.refund_time","confidence":0.027725209,"example":"how long does a refund take"},{"answer":"textiles.made_to_order","confidence":0.026452994,"example":"how long does a made to order lampshade take"}]}],"found":[],"irritation":{"level":0,"cues":[]},"joy":[],"signals":{"asks_for_person":null,"rules":[],"small_talk":null,"only_thanks":false,"yes_no":null,"correction":false,"never_mind":false,"opt_out":false,"opt_in":false,"asks_if_bot":false,"question_form":true,"rhetorical":false,"banter":false,"only":null,"words":5,"fragment":false,"secret":[]}},"gates":["owner","may_speak","must_hand_off"],"mood":null,"decisions":[{"ask_slot":"country"}]}',NULL,'a339951e76a6');
INSERT INTO decisions VALUES(2,'lantern-loom',1,2,'1795519144824725-29203-2',1795519174824725,'{"reading":{"normalized":"germany","locale":null,"questions":[{"text":"germany","candidates":[{"answer":"delivery.time","confidence":0.053737544,"example":"how many days until it gets here"},{"answer":"lamps.plug","confidence":0.05359808,"example":"geht die Lampe auch in {country}"},{"answer":"delivery.countries","confidence":0.04978798,"example":"do you deliver to Norway"},{"answer":"brand.about","confidence":0.046203647,"example":"how many people work for you"},{"answer":"lamps.wattage","confidence":0.044254158,"example":"how many lumens"}]}],"found":[{"slot":"country","value":{"choice":"DE"}}],"irritation":{"level":0,"cues":[]},"joy":[],"signals":{"asks_for_person":null,"rules":[],"small_talk":null,"only_thanks":false,"yes_no":null,"correction":false,"never_mind":false,"opt_out":false,"opt_in":false,"asks_if_bot":false,"question_form":false,"rhetorical":false,"banter":false,"only":null,"words":1,"fragment":false,"secret":[]}},"gates":["owner","may_speak","must_hand_off"],"mood":null,"decisions":[{"answer":["delivery.time"]}]}',NULL,'a339951e76a6');
INSERT INTO decisions VALUES(3,'lantern-loom',1,3,NULL,1795519204824725,'{"reading":null,"gates":[],"mood":null,"decisions":[{"hand_off":"asked_for_person"}]}',NULL,'a339951e76a6');
INSERT INTO decisions VALUES(4,'lantern-loom',1,4,'1795519144824725-29203-4',1795519234824725,'{"reading":{"normalized":"my lamp arrived broken","locale":"en-GB","questions":[{"text":"my lamp arrived broken","candidates":[{"answer":"problems.damaged","confidence":0.99759275,"example":"My lamp arrived broken"},{"answer":"delivery.late","confidence":0.03052135,"example":"my order never arrived"},{"answer":"care.lamp","confidence":0.020512538,"example":"dust on my lamp"},{"answer":"returns.refund_time","confidence":0.020120244,"example":"has my return arrived with you yet"},{"answer":"delivery.time","confidence":0.019603156,"example":"when will my order arrive"}]}],"found":[],"irritation":{"level":0,"cues":[]},"joy":[],"signals":{"asks_for_person":null,"rules":[],"small_talk":null,"only_thanks":false,"yes_no":null,"correction":false,"never_mind":false,"opt_out":false,"opt_in":false,"asks_if_bot":false,"question_form":false,"rhetorical":false,"banter":false,"only":null,"words":4,"fragment":false,"secret":[]}},"gates":[],"mood":null,"decisions":[{"stay_silent":"waiting_for_agent"}]}','waiting_for_agent','a339951e76a6');
CREATE TABLE facts (
    fact_id          INTEGER PRIMARY KEY AUTOINCREMENT,
    brand            TEXT   NOT NULL,
    conversation_id  BIGINT NOT NULL,
    platform         TEXT   NOT NULL,
    at               BIGINT NOT NULL,
    kind             TEXT   NOT NULL,
    body             TEXT   NOT NULL,
    voice            TEXT   NOT NULL
);
INSERT INTO facts VALUES(1,'lantern-loom',1,'console',1795519144824725,'asked_slot','{"asked_slot":{"slot":"country"}}','a339951e76a6');
INSERT INTO facts VALUES(2,'lantern-loom',1,'console',1795519174824725,'answered','{"answered":{"answer":"delivery.time","confidence":1.0}}','a339951e76a6');
INSERT INTO facts VALUES(3,'lantern-loom',1,'console',1795519204824725,'case_opened','{"case_opened":{"case":{"conversation":1,"number":1},"reason":"asked_for_person","priority":"normal"}}','a339951e76a6');
INSERT INTO facts VALUES(4,'lantern-loom',1,'console',1795519234824725,'silent','{"silent":{"reason":"waiting_for_agent"}}','a339951e76a6');
CREATE TABLE tombstones (
    brand      TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    erased_at  BIGINT NOT NULL,
    PRIMARY KEY (brand, subject)
);
CREATE TABLE settings (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
);
INSERT INTO settings VALUES('tombstone_salt','18793a0301a4d2fcddc4f475559b961fda5ad42e086d577602c16741a7d9dd71');
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
INSERT INTO buttons VALUES('-Pw4xbPVqRMqFYwwbZGRCw','lantern-loom',1,1,0,'console','customer','{"slot":["country",{"choice":"GB"}]}',1795519144824725,1796728744824725,NULL);
INSERT INTO buttons VALUES('9szZUhV7RJ4HZNagsLPHvA','lantern-loom',1,1,1,'console','customer','{"slot":["country",{"choice":"IE"}]}',1795519144824725,1796728744824725,NULL);
INSERT INTO buttons VALUES('83UOazteHY8CYLvdNgHwOg','lantern-loom',1,1,2,'console','customer','{"slot":["country",{"choice":"DE"}]}',1795519144824725,1796728744824725,NULL);
INSERT INTO buttons VALUES('ztBa5Z8-hJvGMLXp_LYrSg','lantern-loom',1,1,3,'console','customer','{"slot":["country",{"choice":"AT"}]}',1795519144824725,1796728744824725,NULL);
INSERT INTO buttons VALUES('O7v2kDcUC27-CykBkMwceg','lantern-loom',1,1,4,'console','customer','{"slot":["country",{"choice":"FR"}]}',1795519144824725,1796728744824725,NULL);
INSERT INTO buttons VALUES('AkogGkbhLtnkNBzEBXG4tQ','lantern-loom',1,1,5,'console','customer','{"slot":["country",{"choice":"NL"}]}',1795519144824725,1796728744824725,NULL);
INSERT INTO buttons VALUES('lpDfdnobNfLYLN_T7Hgf-Q','lantern-loom',1,1,6,'console','customer','{"slot":["country",{"choice":"OTHER"}]}',1795519144824725,1796728744824725,NULL);
INSERT INTO buttons VALUES('ecdPeNTGkI1pkTP1P8Qu0w','lantern-loom',1,2,0,'console','customer','{"answer":"delivery.cost"}',1795519174824725,1796728774824725,NULL);
INSERT INTO buttons VALUES('gV672TWYMyp9em4CbV8rHg','lantern-loom',1,2,1,'console','customer','{"answer":"delivery.track"}',1795519174824725,1796728774824725,NULL);
INSERT INTO buttons VALUES('GsFmbmSAPwfGxAemJCLrjw','lantern-loom',1,4,0,'console','staff','["claim",2]',1795519204824725,1796728804824725,NULL);
INSERT INTO buttons VALUES('KMjtOLZ1EuFELxCLEc11AQ','lantern-loom',1,4,1,'console','staff','["hand_back",2]',1795519204824725,1796728804824725,NULL);
INSERT INTO buttons VALUES('uk6tmFdEvragtCXHTfMJCg','lantern-loom',1,4,2,'console','staff','["close",2]',1795519204824725,1796728804824725,NULL);
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
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('people',1);
INSERT INTO sqlite_sequence VALUES('conversations',4);
INSERT INTO sqlite_sequence VALUES('inbox',4);
INSERT INTO sqlite_sequence VALUES('transcript',6);
INSERT INTO sqlite_sequence VALUES('decisions',4);
INSERT INTO sqlite_sequence VALUES('facts',4);
INSERT INTO sqlite_sequence VALUES('outbox',5);
CREATE INDEX people_by_age ON people (brand, seen_at);
CREATE INDEX identities_of_person ON identities (brand, person_id);
CREATE INDEX conversations_of_person ON conversations (brand, person_id);
CREATE INDEX conversations_by_age ON conversations (brand, updated_at);
CREATE INDEX inbox_waiting ON inbox (brand, conversation_id, inbox_id) WHERE done_at IS NULL;
CREATE INDEX inbox_parked ON inbox (brand, inbox_id) WHERE parked_at IS NOT NULL;
CREATE INDEX inbox_of_conversation ON inbox (brand, conversation_id, message_id);
CREATE INDEX inbox_by_age ON inbox (brand, done_at) WHERE done_at IS NOT NULL;
CREATE INDEX transcript_of_conversation ON transcript (brand, conversation_id, at);
CREATE INDEX transcript_of_place ON transcript (brand, platform, place_id, at);
CREATE INDEX transcript_by_age ON transcript (brand, at);
CREATE INDEX outbox_open ON outbox (brand, platform, lane, outbox_id) WHERE done_at IS NULL;
CREATE INDEX outbox_order ON outbox (brand, conversation_id, queue, outbox_id) WHERE done_at IS NULL;
CREATE INDEX outbox_of_conversation ON outbox (brand, conversation_id);
CREATE INDEX outbox_posts ON outbox (brand, platform, platform_message_id) WHERE platform_message_id IS NOT NULL;
CREATE INDEX outbox_by_age ON outbox (brand, done_at) WHERE done_at IS NOT NULL;
CREATE INDEX cases_open ON cases (brand, priority DESC, queued_at, conversation_id) WHERE closed_at IS NULL;
CREATE INDEX cases_claimed ON cases (brand, claimed_at) WHERE claimed_at IS NOT NULL;
CREATE INDEX cases_by_age ON cases (brand, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX timers_due ON timers (brand, due);
CREATE INDEX notes_of_conversation ON notes (brand, conversation_id);
CREATE INDEX notes_by_age ON notes (brand, at);
CREATE INDEX decisions_of_conversation ON decisions (brand, conversation_id, decision_id);
CREATE INDEX decisions_by_age ON decisions (brand, at);
CREATE INDEX facts_by_age ON facts (brand, at);
CREATE INDEX buttons_of_message ON buttons (brand, outbox_id, number);
CREATE INDEX buttons_of_conversation ON buttons (brand, conversation_id);
CREATE INDEX buttons_by_age ON buttons (brand, expires_at);
CREATE INDEX unknown_events_by_age ON unknown_events (brand, received_at);
COMMIT;
