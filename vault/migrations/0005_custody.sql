-- What custodians do concerns the vault as a whole, and no organization.
ALTER TABLE audit_log
  ALTER COLUMN organization_id DROP NOT NULL,
  ALTER COLUMN mode DROP NOT NULL,
  DROP CONSTRAINT audit_log_action_check,
  DROP CONSTRAINT audit_log_subject_check,
  ADD CONSTRAINT audit_log_action_check CHECK (action IN (
    'token.create', 'token.keep', 'token.delete', 'token.expire', 'token.renew',
    'card.forward', 'card.forward.finish', 'card.shred',
    'key.rewrap', 'key.rotate', 'key.rotate.finish', 'key.retire', 'key.restore', 'key.destroy',
    'custody.seal', 'custody.split', 'custody.share', 'custody.refuse', 'custody.unseal'
  )),
  ADD CONSTRAINT audit_log_subject_check CHECK (
    CASE WHEN action LIKE 'custody.%' THEN organization_id IS NULL AND token_id IS NULL
         WHEN action LIKE 'key.%' THEN organization_id IS NOT NULL AND key_id IS NOT NULL
         ELSE organization_id IS NOT NULL AND token_id IS NOT NULL END
  ),
  ADD CONSTRAINT audit_log_owner_check CHECK ((organization_id IS NULL) = (mode IS NULL));
