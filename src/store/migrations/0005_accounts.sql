-- Who may sign in. SQLite and PostgreSQL both take this file. Secrets are never kept: passwords as argon2id, the words of
-- sessions and tokens as SHA-256.

-- state is the body's, for the list of those who wait. failures counts wrong passwords since the last right one.
CREATE TABLE account (
    login TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    password TEXT,
    failures BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX account_state ON account (state, login);

CREATE TABLE session (
    digest TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL REFERENCES account (login),
    ends_at BIGINT NOT NULL
);

CREATE INDEX session_login ON session (login);

CREATE TABLE api_token (
    token_id TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    login TEXT NOT NULL REFERENCES account (login),
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE INDEX api_token_login ON api_token (login, token_id);
