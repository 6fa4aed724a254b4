-- What an answer holds, where it is charged by that.
ALTER TABLE calls ADD COLUMN answer_bytes bigint NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN answer_rows bigint NOT NULL DEFAULT 0;
