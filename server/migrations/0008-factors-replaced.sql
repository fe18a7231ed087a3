-- When every factor of a person was taken away by the word of others. An organization where they
-- were disabled at that time was not asked.
ALTER TABLE accounts ADD COLUMN factors_replaced_at timestamptz;
