-- Which store this is, and what matching found. SQLite and PostgreSQL both take this file.

-- One row, name 'store': a random word given when the database is first opened.
CREATE TABLE identity (
    name TEXT NOT NULL PRIMARY KEY,
    word TEXT NOT NULL
);

-- The one match of all enterprises with all listings that is kept, or is being made. basis names what scores rest on,
-- the revisions and the day what was matched; done_after is the last enterprise of an unfinished run.
CREATE TABLE match_run (
    name TEXT NOT NULL PRIMARY KEY,
    basis TEXT NOT NULL,
    listing_revision BIGINT NOT NULL,
    enterprise_revision BIGINT NOT NULL,
    today TEXT NOT NULL,
    list_length BIGINT NOT NULL,
    done_after TEXT,
    finished BOOLEAN NOT NULL
);

-- What an enterprise asks and its best listings: more of them than are shown, so that a gap can be filled.
CREATE TABLE match_list (
    enterprise_id TEXT NOT NULL PRIMARY KEY,
    seeker TEXT NOT NULL,
    request BYTEA NOT NULL,
    complete BOOLEAN NOT NULL,
    body TEXT NOT NULL
);
