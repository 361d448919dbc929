-- Other ways in than by password. SQLite and PostgreSQL both take this file.

-- Where an account's owner is written to; kept apart, because lists of accounts have no use for it.
CREATE TABLE contact (
    login TEXT NOT NULL PRIMARY KEY REFERENCES account (login),
    email TEXT NOT NULL
);

-- Words sent by mail, as SHA-256, by which a password is set anew.
CREATE TABLE password_reset (
    digest TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL REFERENCES account (login),
    ends_at BIGINT NOT NULL
);

CREATE INDEX password_reset_login ON password_reset (login);

-- What the provider of single sign-on calls the owner of an account.
CREATE TABLE sign_on (
    subject TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE REFERENCES account (login)
);
