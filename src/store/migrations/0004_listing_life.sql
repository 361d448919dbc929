-- The life of listings and the trail of what was done. SQLite and PostgreSQL both take this file.

-- One row for each listing that something was done to, beside its body; status is the body's, for the work queue.
CREATE TABLE listing_life (
    listing_id TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,
    since BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX listing_life_queue ON listing_life (status, since, listing_id);

-- What was done, numbered without gaps from 1. Rows are only ever added: digest chains each to all before it.
CREATE TABLE audit_entry (
    number BIGINT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    action TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    state_before TEXT,
    state_after TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    digest TEXT NOT NULL
);

CREATE INDEX audit_entry_subject ON audit_entry (subject_kind, subject, number);
