-- The messages of campaigns, and what sending them needs to know. SQLite and PostgreSQL both take this file.

-- A row is a message and the job of sending it: what is queued is to be sent, what is being sent was taken up at its moment.
CREATE TABLE campaign_message (
    campaign BIGINT NOT NULL,
    firm_place BIGINT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT,
    attempts BIGINT NOT NULL,
    -- When it is due, was taken up, or was sent or given up.
    at BIGINT NOT NULL,
    PRIMARY KEY (campaign, firm_place, channel),
    FOREIGN KEY (campaign, firm_place) REFERENCES campaign_firm (campaign, place)
);

CREATE INDEX campaign_message_due ON campaign_message (campaign, state, at, firm_place);

-- Mail addresses that reach nobody, by their SHA-256: who they are is nobody's business any more.
CREATE TABLE bounced_address (
    digest TEXT NOT NULL PRIMARY KEY,
    bounced_at BIGINT NOT NULL
);

-- Where an enterprise's own system takes messages, and the word they are signed with.
CREATE TABLE webhook (
    enterprise_id TEXT NOT NULL PRIMARY KEY REFERENCES enterprise (enterprise_id),
    url TEXT NOT NULL,
    secret TEXT NOT NULL
);

-- What links in messages are signed with: one row, made when first needed.
CREATE TABLE link_key (
    place BIGINT NOT NULL PRIMARY KEY CHECK (place = 1),
    secret TEXT NOT NULL
);
