-- Campaigns, and what the last preview of each has in store for whom. SQLite and PostgreSQL both take this file.

CREATE TABLE campaign (
    number BIGINT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    -- The code of the province whose bureau it is; nothing for one of all provinces.
    province TEXT,
    body TEXT NOT NULL
);

INSERT INTO revision (aggregate, latest) VALUES ('campaign', 0);

-- The audience in the order it was drawn in, the first is 1.
CREATE TABLE campaign_firm (
    campaign BIGINT NOT NULL REFERENCES campaign (number),
    place BIGINT NOT NULL CHECK (place > 0),
    enterprise_id TEXT NOT NULL REFERENCES enterprise (enterprise_id),
    outcome TEXT NOT NULL,
    PRIMARY KEY (campaign, place),
    UNIQUE (campaign, enterprise_id)
);

-- The listings an enterprise is sent, the best is 1, with the score it had.
CREATE TABLE campaign_pair (
    campaign BIGINT NOT NULL,
    firm_place BIGINT NOT NULL,
    place BIGINT NOT NULL CHECK (place > 0),
    listing_id TEXT NOT NULL,
    score TEXT NOT NULL,
    PRIMARY KEY (campaign, firm_place, place),
    UNIQUE (campaign, firm_place, listing_id),
    FOREIGN KEY (campaign, firm_place) REFERENCES campaign_firm (campaign, place)
);
