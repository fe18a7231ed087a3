-- Cards that were saved before the vault told fingerprint, funding and country.
ALTER TABLE payment_methods ADD COLUMN described boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN payment_methods.described IS
  'Whether the vault was asked for what has been shown of cards since there are fingerprints';
UPDATE payment_methods SET described = false
  WHERE deleted_at IS NULL AND (fingerprint IS NULL OR NOT card ? 'funding');
CREATE INDEX payment_methods_undescribed ON payment_methods (created_at)
  WHERE NOT described AND deleted_at IS NULL;
