-- What enterprises ask and take. SQLite and PostgreSQL both take this file.

-- Numbers are given like revisions, so that none is given twice, whatever is forgotten.
INSERT INTO revision (aggregate, latest) VALUES ('enquiry', 0), ('licence', 0);

CREATE TABLE enquiry (
    number BIGINT NOT NULL PRIMARY KEY,
    listing_id TEXT NOT NULL,
    enterprise_id TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX enquiry_asked ON enquiry (asked_at);

-- state is the body's. An enterprise has one licence of a listing at a time.
CREATE TABLE licence (
    number BIGINT NOT NULL PRIMARY KEY,
    listing_id TEXT NOT NULL,
    enterprise_id TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX licence_listing ON licence (listing_id, number);
CREATE INDEX licence_enterprise ON licence (enterprise_id, number);
CREATE UNIQUE INDEX licence_standing ON licence (listing_id, enterprise_id)
    WHERE state IN ('accepted', 'paid', 'recorded', 'in_use');

-- Whose an enquiry or licence is: the enterprise by its id, holders by the keys of their names.
CREATE TABLE party (
    subject_kind TEXT NOT NULL,
    party TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (subject_kind, party, number)
);
