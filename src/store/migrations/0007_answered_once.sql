-- What was answered to requests that must not be carried out twice. SQLite and PostgreSQL both take this file.

-- request is the SHA-256 of what was asked. status is NULL while it is being carried out, from begun_at on.
CREATE TABLE answered_once (
    login TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    status BIGINT,
    body TEXT,
    PRIMARY KEY (login, idempotency_key)
);

CREATE INDEX answered_once_begun ON answered_once (begun_at);
