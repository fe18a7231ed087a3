-- The link that was mailed and the link that was shown to whoever invited are not the same: only
-- the first proves that its holder reads the address. Null where no mail is sent.
ALTER TABLE invitations ADD COLUMN mailed_token_hash bytea UNIQUE
  CHECK (octet_length(mailed_token_hash) = 32);
