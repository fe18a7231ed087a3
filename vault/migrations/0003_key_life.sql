-- The life of a key-encryption key: active, then only for decrypting, then retired, then destroyed.
ALTER TABLE keks
  ADD COLUMN state text NOT NULL DEFAULT 'active'
    CHECK (state IN ('active', 'decrypt_only', 'retired', 'destroyed')),
  ADD COLUMN state_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN state_by text NOT NULL DEFAULT 'vault',
  ADD COLUMN emptied_at timestamptz,
  ALTER COLUMN wrapped DROP NOT NULL,
  ADD CONSTRAINT keks_wrapped_check CHECK ((state = 'destroyed') = (wrapped IS NULL)),
  ADD CONSTRAINT keks_emptied_check CHECK (emptied_at IS NULL OR state <> 'active');
UPDATE keks SET state_at = created_at;
CREATE UNIQUE INDEX keks_active ON keks (organization_id, mode, purpose) WHERE state = 'active';
COMMENT ON COLUMN keks.emptied_at IS 'When nothing was found under it any more, of a former key';
COMMENT ON COLUMN keks.wrapped IS 'Null once it is destroyed';

-- The rest follows from the defaults, or is done by the functions below.
REVOKE INSERT ON keks FROM payos_vault_app;
GRANT INSERT (id, organization_id, mode, purpose, version, wrapped, key_check_value)
  ON keks TO payos_vault_app;

ALTER TABLE audit_log
  DROP CONSTRAINT audit_log_action_check,
  DROP CONSTRAINT audit_log_subject_check,
  ADD CONSTRAINT audit_log_action_check CHECK (action IN (
    'token.create', 'token.keep', 'token.delete', 'token.expire',
    'card.forward', 'card.forward.finish', 'card.shred',
    'key.rewrap', 'key.rotate', 'key.rotate.finish', 'key.retire', 'key.restore', 'key.destroy'
  )),
  ADD CONSTRAINT audit_log_subject_check CHECK (
    CASE WHEN action LIKE 'key.%' THEN key_id IS NOT NULL ELSE token_id IS NOT NULL END
  );

-- Makes a new version the one for new records. Answers whether it did: of two that try at once, one
-- finds that the key is not the active one any more.
CREATE FUNCTION rotate_key(old_id text, new_id text, wrapped bytea, check_value bytea, actor text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE keks SET state = 'decrypt_only', state_at = now(), state_by = $5
    WHERE id = $1 AND state = 'active';
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO keks (id, organization_id, mode, purpose, version, wrapped, key_check_value, state_by)
    SELECT $2, organization_id, mode, purpose, version + 1, $3, $4, $5 FROM keks WHERE id = $1;
  INSERT INTO audit_log (organization_id, mode, actor, action, key_id, detail)
    SELECT organization_id, mode, $5, 'key.rotate', id, 'version ' || version
    FROM keks WHERE id = $2;
  RETURN true;
END
$$;

-- The further steps, one at a time. Answers whether the key was in the state that it begins in.
CREATE FUNCTION change_key(key_id text, step text, actor text, wait interval DEFAULT '0')
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH changed AS (
    UPDATE keks SET
      state = CASE $2 WHEN 'retire' THEN 'retired' WHEN 'destroy' THEN 'destroyed'
                      ELSE 'decrypt_only' END,
      state_at = CASE $2 WHEN 'rotate.finish' THEN state_at ELSE now() END,
      state_by = CASE $2 WHEN 'rotate.finish' THEN state_by ELSE $3 END,
      emptied_at = CASE $2 WHEN 'restore' THEN NULL ELSE coalesce(emptied_at, now()) END,
      wrapped = CASE $2 WHEN 'destroy' THEN NULL ELSE wrapped END
    WHERE id = $1 AND CASE $2
      WHEN 'rotate.finish' THEN state = 'decrypt_only' AND emptied_at IS NULL
      WHEN 'retire' THEN state = 'decrypt_only'
      WHEN 'restore' THEN state = 'retired'
      WHEN 'destroy' THEN state = 'retired' AND state_at <= now() - $4
        AND (mode = 'test' OR $4 >= interval '1 day')
      ELSE false END
    RETURNING id, organization_id, mode, version
  )
  INSERT INTO audit_log (organization_id, mode, actor, action, key_id, detail)
  SELECT organization_id, mode, $3, 'key.' || $2, id, 'version ' || version FROM changed
  RETURNING true
$$;

-- Moves cards to another key. Nothing else about a card can be changed with it: ciphertext and
-- commitment stay, byte for byte, and only the active key of the same owner can be moved to. A card
-- that is not what the caller read, because it was shredded or moved meanwhile, stays as it is, and
-- one that somebody is about to delete is left out: this waits for nobody.
CREATE FUNCTION rewrap_cards(ids text[], before bytea[], after bytea[]) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH asked AS (
    SELECT * FROM unnest($1, $2, $3) AS asked (id, old, new)
    WHERE substring(new FROM 1 FOR 6) = '\x50594f530201'
      AND (substring(old FROM 5 FOR 1) = '\x01'
           OR substring(old FROM 87) = substring(new FROM 87))
      AND EXISTS (
        SELECT FROM keks AS former JOIN keks AS next USING (organization_id, mode, purpose)
        WHERE former.id = encode(substring(old FROM 7 FOR 16), 'hex')
          AND next.id = encode(substring(new FROM 7 FOR 16), 'hex')
          AND next.state = 'active' AND next.purpose = 'card'
          AND former.version < next.version)
  ), free AS (
    SELECT token_id FROM cards WHERE token_id = ANY ($1) FOR UPDATE SKIP LOCKED
  )
  UPDATE cards SET sealed = new FROM asked, free
  WHERE cards.token_id = asked.id AND free.token_id = asked.id AND cards.sealed = old
  RETURNING cards.token_id
$$;

REVOKE ALL ON FUNCTION rotate_key, change_key, rewrap_cards FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rotate_key, change_key, rewrap_cards TO payos_vault_app;

-- A card that was sealed under a key which is not the active one any more is not stored: the vault
-- that tries learns of the rotation by it, and seals the card again.
CREATE FUNCTION refuse_former_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM keks WHERE id = encode(substring(NEW.sealed FROM 7 FOR 16), 'hex')
      AND state = 'active'
  ) THEN
    RAISE EXCEPTION 'sealed under a key that is not the active one' USING ERRCODE = 'PK001';
  END IF;
  RETURN NULL;
END
$$;
-- After the insert: its transaction has a number by then, so that whoever wants to know that
-- nothing is on its way under a former key can wait for all numbers given so far.
CREATE TRIGGER cards_have_active_key AFTER INSERT ON cards
  FOR EACH ROW EXECUTE FUNCTION refuse_former_key();
