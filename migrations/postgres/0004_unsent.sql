-- What operators look at: what was given up, and what was not sent because it was overtaken or too late.

CREATE INDEX outbox_unsent ON outbox (brand, outbox_id) WHERE state IN ('failed', 'superseded');
