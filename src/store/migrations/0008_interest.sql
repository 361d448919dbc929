-- What was shown, asked and done is counted for a listing. SQLite and PostgreSQL both take this file.

CREATE INDEX delivered_listing_listing ON delivered_listing (listing_id);
CREATE INDEX feedback_event_listing ON feedback_event (listing_id);
CREATE INDEX enquiry_listing ON enquiry (listing_id);
