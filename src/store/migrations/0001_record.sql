-- The record: listings, enterprises and what was imported. SQLite and PostgreSQL both take this file.
-- A change goes into a new file, never into this one: opened databases hold its checksum.

-- The latest revision given to a row of each aggregate. Raised in the writing transaction, so that a reader who has
-- seen revision n has seen every change up to n.
CREATE TABLE revision (
    aggregate TEXT NOT NULL PRIMARY KEY,
    latest BIGINT NOT NULL
);

INSERT INTO revision (aggregate, latest) VALUES ('listing', 0), ('enterprise', 0);

-- A removed listing stays as a tombstone without a body, so that the change feed can tell of it.
CREATE TABLE listing (
    listing_id TEXT NOT NULL PRIMARY KEY,
    application_number TEXT,
    publication_number TEXT,
    body TEXT,
    removed BOOLEAN NOT NULL DEFAULT FALSE,
    revision BIGINT NOT NULL UNIQUE,
    CHECK (removed = (body IS NULL))
);

CREATE INDEX listing_application_number ON listing (application_number);
CREATE INDEX listing_publication_number ON listing (publication_number);
CREATE INDEX listing_present ON listing (listing_id) WHERE NOT removed;

-- name_key is the normalised name: the identity of an enterprise without a credit code.
CREATE TABLE enterprise (
    enterprise_id TEXT NOT NULL PRIMARY KEY,
    credit_code TEXT UNIQUE,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    revision BIGINT NOT NULL UNIQUE
);

CREATE INDEX enterprise_name_key ON enterprise (name_key);

-- One row for each finished import of one file, by the file's SHA-256.
CREATE TABLE import (
    checksum TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    read BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    rejections TEXT NOT NULL,
    PRIMARY KEY (checksum, kind)
);
