-- The frames of the vault are given a secret of their own, which collects cards and does nothing
-- else. Sessions that were made without one are over within a day.

ALTER TABLE checkout_secrets
  ADD COLUMN collect_hash bytea CHECK (octet_length(collect_hash) = 32);
