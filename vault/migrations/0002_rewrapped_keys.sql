ALTER TABLE audit_log
  ADD COLUMN key_id text,
  ALTER COLUMN token_id DROP NOT NULL,
  DROP CONSTRAINT audit_log_action_check,
  ADD CONSTRAINT audit_log_action_check CHECK (action IN (
    'token.create', 'token.keep', 'token.delete', 'token.expire',
    'card.forward', 'card.forward.finish', 'card.shred', 'key.rewrap'
  )),
  ADD CONSTRAINT audit_log_subject_check CHECK (
    CASE WHEN action = 'key.rewrap' THEN key_id IS NOT NULL ELSE token_id IS NOT NULL END
  );
COMMENT ON COLUMN audit_log.key_id IS 'The key-encryption key, of what is done to one';

-- What wraps a key can be replaced, but only by whoever knows what it replaces, and never without
-- an entry. Everything else about a key stays as it was inserted.
CREATE FUNCTION rewrap_key(key_id text, before bytea, after bytea, detail text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH moved AS (
    UPDATE keks SET wrapped = $3 WHERE id = $1 AND wrapped = $2
    RETURNING id, organization_id, mode
  )
  INSERT INTO audit_log (organization_id, mode, actor, action, key_id, detail)
  SELECT organization_id, mode, 'vault', 'key.rewrap', id, $4 FROM moved
$$;
REVOKE ALL ON FUNCTION rewrap_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rewrap_key TO payos_vault_app;
