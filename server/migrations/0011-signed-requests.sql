-- Nonces of signed requests (RFC 9421), so that each is served once, whichever process it reaches.
-- Kept a little longer than a signature can be valid, then swept.

CREATE TABLE signature_nonces (
  key_id public_id NOT NULL,
  nonce text COLLATE "C" NOT NULL,
  -- When the signature is too old to be taken, whoever asks.
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (key_id, nonce)
);
CREATE INDEX signature_nonces_expiry ON signature_nonces (expires_at);

GRANT SELECT, INSERT, DELETE ON signature_nonces TO payos_app;

-- A key pair belongs to one API key, for good: whoever has the private half of a revoked one must
-- not be let in again by registering it anew.
DROP INDEX api_keys_public_key;
CREATE UNIQUE INDEX api_keys_public_key ON api_keys (organization_id, public_key)
  WHERE public_key IS NOT NULL;
