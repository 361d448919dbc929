-- What of campaigns is an enterprise's is looked for by the enterprise. SQLite and PostgreSQL both take this file.

CREATE INDEX campaign_firm_enterprise ON campaign_firm (enterprise_id, campaign);
