-- Equal cards of a customer are one saved card, and a saved card can be sealed anew.
ALTER TABLE payment_methods
  ADD COLUMN fingerprint text,
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
UPDATE payment_methods SET updated_at = created_at;
COMMENT ON COLUMN payment_methods.fingerprint IS
  'Equal for equal cards, under a key of the vault; goes when the card goes';
CREATE UNIQUE INDEX payment_methods_same_card
  ON payment_methods (organization_id, mode, customer_id, fingerprint)
  WHERE deleted_at IS NULL AND fingerprint IS NOT NULL;
CREATE INDEX payment_methods_fingerprint ON payment_methods (organization_id, mode, fingerprint, id)
  WHERE deleted_at IS NULL AND fingerprint IS NOT NULL;
CREATE INDEX payment_methods_last4
  ON payment_methods (organization_id, mode, (card ->> 'last4'), id) WHERE deleted_at IS NULL;
CREATE INDEX payment_methods_brand
  ON payment_methods (organization_id, mode, (card ->> 'brand'), id) WHERE deleted_at IS NULL;

-- From when the payment begins until it is settled: by then the card is saved, or it is not.
ALTER TABLE payments ADD COLUMN save_fingerprint text;

CREATE TABLE retired_tokens (
  organization_id public_id NOT NULL,
  token_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  payment_method_id public_id NOT NULL,
  retired_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, token_id)
);
COMMENT ON TABLE retired_tokens IS
  'Former tokens of saved cards that the vault has not shredded yet';
CREATE INDEX retired_tokens_due ON retired_tokens (retired_at);
GRANT SELECT, INSERT, DELETE ON retired_tokens TO payos_app;
