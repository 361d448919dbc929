-- What enterprises tell besides their record. SQLite and PostgreSQL both take this file.

INSERT INTO revision (aggregate, latest) VALUES ('demand', 0);

-- Needs made public. is_open is 1 or 0; rows stay, so that a number never stands for another need.
CREATE TABLE demand (
    number BIGINT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL,
    is_open BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX demand_enterprise ON demand (enterprise_id, number);
CREATE INDEX demand_open ON demand (number) WHERE is_open = 1;

-- Searches an account keeps for itself: gone with it, and nobody else's to see.
INSERT INTO revision (aggregate, latest) VALUES ('saved_search', 0);

CREATE TABLE saved_search (
    number BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL REFERENCES account (login),
    body TEXT NOT NULL
);

CREATE INDEX saved_search_login ON saved_search (login, number);
