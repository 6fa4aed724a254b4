-- What kept a permitted call from being answered; empty where it was answered or refused.
ALTER TABLE calls ADD COLUMN failure text NOT NULL DEFAULT '';
