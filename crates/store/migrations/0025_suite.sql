-- The crypto suite that the ledger is hashed and signed by. Those from before it could be chosen are international.
ALTER TABLE ledger_head ADD COLUMN suite text NOT NULL DEFAULT 'international';
