-- Checkpoints that enough witnesses have cosigned, and their time-stamps. Older ones without a stamp are pruned.
CREATE TABLE final_checkpoints (size bigint PRIMARY KEY, checkpoint text NOT NULL);

CREATE TABLE time_stamps (size bigint PRIMARY KEY, at text NOT NULL, reply bytea NOT NULL);
