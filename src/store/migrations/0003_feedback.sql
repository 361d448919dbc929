-- What was shown to firms and what they did with it. SQLite and PostgreSQL both take this file.

-- One list shown to one firm, at delivered_at seconds since 1970-01-01 UTC.
CREATE TABLE delivery (
    delivery_id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (enterprise_id),
    delivered_at BIGINT NOT NULL
);

CREATE INDEX delivery_enterprise ON delivery (enterprise_id, delivered_at);

-- Its listings by place, the first is 1.
CREATE TABLE delivered_listing (
    delivery_id TEXT NOT NULL REFERENCES delivery (delivery_id),
    place BIGINT NOT NULL CHECK (place > 0),
    listing_id TEXT NOT NULL,
    PRIMARY KEY (delivery_id, place),
    UNIQUE (delivery_id, listing_id)
);

-- One thing done with one of them, under the sender's name for it. Taken back it stays, with the moment of that.
CREATE TABLE feedback_event (
    event_id TEXT NOT NULL PRIMARY KEY,
    delivery_id TEXT NOT NULL,
    listing_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    decline_code TEXT,
    happened_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    FOREIGN KEY (delivery_id, listing_id) REFERENCES delivered_listing (delivery_id, listing_id),
    CHECK ((kind = 'declined') = (decline_code IS NOT NULL))
);

CREATE INDEX feedback_event_delivery ON feedback_event (delivery_id);
