-- Who wants no pushes, what licences of an industry cost, and which province an import was limited to. SQLite and PostgreSQL both take this file.

-- A row for each enterprise that has opted out: apart from its record, so that no import puts it back in.
CREATE TABLE opt_out (
    enterprise_id TEXT NOT NULL PRIMARY KEY REFERENCES enterprise (enterprise_id),
    opted_out_at BIGINT NOT NULL
);

-- One row for each industry, year and source.
CREATE TABLE industry_fee (
    industry TEXT NOT NULL,
    year BIGINT NOT NULL,
    source TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (industry, year, source)
);

-- The code of the province; nothing for all.
ALTER TABLE import ADD COLUMN province TEXT;
