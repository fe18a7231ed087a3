-- What tells equal cards: an id that is shown, and stays, and a MAC of the number under a key that
-- can be replaced, and stays in here. One row per card of an owner, as long as it has a token.
CREATE TABLE fingerprints (
  id bytea NOT NULL CHECK (length(id) = 16),
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  version integer NOT NULL CHECK (version > 0),
  mac bytea NOT NULL CHECK (length(mac) = 16),
  PRIMARY KEY (id, organization_id, mode)
);
COMMENT ON TABLE fingerprints IS 'Cards of an owner, by a keyed hash of the number';
COMMENT ON COLUMN fingerprints.id IS 'What is shown: random, but for cards of before this table';
COMMENT ON COLUMN fingerprints.version IS 'Of the key that the MAC was made with';
-- Partial, so that a change of the MAC is none of a key: rows that others hold can be rotated.
CREATE UNIQUE INDEX fingerprints_mac ON fingerprints (organization_id, mode, mac)
  WHERE mac IS NOT NULL;
INSERT INTO fingerprints (organization_id, mode, id, version, mac)
  SELECT DISTINCT organization_id, mode, fingerprint, 1, fingerprint FROM tokens
  WHERE fingerprint IS NOT NULL;

COMMENT ON COLUMN tokens.fingerprint IS 'Equal for equal cards; goes when the card goes';
CREATE INDEX tokens_fingerprint ON tokens (fingerprint) WHERE fingerprint IS NOT NULL;
ALTER TABLE tokens ADD CONSTRAINT tokens_fingerprint_fkey
  FOREIGN KEY (fingerprint, organization_id, mode) REFERENCES fingerprints;
GRANT SELECT ON fingerprints TO payos_vault_app;

CREATE FUNCTION fingerprint_lock(organization text, mode text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended(organization || ' ' || mode, 0) $$;

-- The ids of cards, new ones for cards that are not there yet. Of each card its MAC under every
-- version in use is told: the active one and, while a rotation is not over, the former one.
-- What is answered stays until the end of the transaction, which stores the tokens.
CREATE FUNCTION find_fingerprints(
  places integer[], organizations text[], modes text[], versions integer[], macs bytea[],
  fresh bytea[]
) RETURNS TABLE (place integer, fingerprint bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held_places integer[];
  held bytea[];
BEGIN
  -- Nobody makes another key the active one meanwhile: each of the two would store the same card.
  PERFORM pg_advisory_xact_lock_shared(owner) FROM (
    SELECT DISTINCT fingerprint_lock(o, m) AS owner
    FROM unnest(organizations, modes) AS asked (o, m) ORDER BY 1
  ) AS owners;
  IF EXISTS (
    SELECT FROM unnest(places, organizations, modes) AS asked (p, o, m)
    WHERE (
      SELECT bool_or(state = 'active') AND bool_and(version IN (
        SELECT v FROM unnest(places, versions) AS told (p, v) WHERE told.p = asked.p))
      FROM keks WHERE organization_id = o AND mode = m AND purpose = 'fingerprint'
        AND (state = 'active' OR (state = 'decrypt_only' AND emptied_at IS NULL))
    ) IS NOT TRUE
  ) THEN
    RAISE EXCEPTION 'made without a key that is in use' USING ERRCODE = 'PK001';
  END IF;
  LOOP
    -- Always in this order, so that nobody waits for somebody who waits for them.
    SELECT array_agg(p), array_agg(id) INTO held_places, held FROM (
      SELECT * FROM unnest(places, organizations, modes, macs) AS asked (p, o, m, known)
      ORDER BY o, m, known
    ) AS asked, LATERAL (
      SELECT id FROM fingerprints WHERE organization_id = o AND mode = m AND mac = known
      FOR KEY SHARE
    ) AS found;
    EXIT WHEN places <@ held_places;
    INSERT INTO fingerprints (organization_id, mode, id, version, mac)
    SELECT DISTINCT ON (o, m, new) o, m, id, v, new
    FROM unnest(places, organizations, modes, versions, macs, fresh) AS asked (p, o, m, v, new, id)
    WHERE p <> ALL (coalesce(held_places, '{}')) AND v = (
      SELECT version FROM keks WHERE organization_id = o AND mode = m
        AND purpose = 'fingerprint' AND state = 'active')
    ORDER BY o, m, new
    ON CONFLICT (organization_id, mode, mac) WHERE mac IS NOT NULL DO NOTHING;
  END LOOP;
  RETURN QUERY SELECT DISTINCT ON (p) p, id FROM unnest(held_places, held) AS of_place (p, id)
    ORDER BY p, id;
END
$$;

-- A fingerprint goes with the last token of its card, in the same transaction, whatever ends that.
-- Who ends tokens of the same card takes turns; who is storing one is waited for. OFFSET 0 keeps
-- each look-up one of its own in the index.
CREATE FUNCTION forget_fingerprints() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ended bytea[];
BEGIN
  SELECT array_agg(DISTINCT was.fingerprint) INTO ended FROM was JOIN is_now USING (id)
    WHERE was.fingerprint IS NOT NULL AND is_now.fingerprint IS NULL;
  IF ended IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM FROM fingerprints WHERE id = ANY (ended)
    ORDER BY organization_id, mode, mac FOR NO KEY UPDATE;
  PERFORM FROM fingerprints AS f WHERE id = ANY (ended)
      AND NOT EXISTS (SELECT FROM tokens AS t WHERE t.fingerprint = f.id
        AND t.organization_id = f.organization_id AND t.mode = f.mode OFFSET 0)
    ORDER BY organization_id, mode, mac FOR UPDATE;
  IF FOUND THEN
    DELETE FROM fingerprints AS f WHERE id = ANY (ended)
      AND NOT EXISTS (SELECT FROM tokens AS t WHERE t.fingerprint = f.id
        AND t.organization_id = f.organization_id AND t.mode = f.mode OFFSET 0);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER tokens_forget_fingerprints AFTER UPDATE ON tokens
  REFERENCING OLD TABLE AS was NEW TABLE AS is_now
  FOR EACH STATEMENT EXECUTE FUNCTION forget_fingerprints();

-- Puts the MAC under the active key of the same owner in the place of one under a former key. What
-- is shown cannot be changed, nor a MAC that is not what the caller read; what somebody is about to
-- end is left out: this waits for nobody.
CREATE FUNCTION rekey_fingerprints(
  organizations text[], modes text[], ids bytea[], before bytea[], after bytea[]
) RETURNS SETOF bytea LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH asked AS (
    SELECT * FROM unnest($1, $2, $3, $4, $5) AS asked (o, m, id, old, new)
  ), free AS (
    SELECT asked.*, f.version, active.version AS next FROM asked
    JOIN fingerprints AS f ON f.organization_id = o AND f.mode = m AND f.id = asked.id
    JOIN keks AS active ON active.organization_id = o AND active.mode = m
      AND active.purpose = 'fingerprint' AND active.state = 'active'
    WHERE f.mac = old AND f.version < active.version AND NOT EXISTS (
      SELECT FROM fingerprints AS other
      WHERE other.organization_id = o AND other.mode = m AND other.mac = new OFFSET 0)
    FOR NO KEY UPDATE OF f SKIP LOCKED
  )
  UPDATE fingerprints AS f SET version = next, mac = new FROM free
  WHERE f.organization_id = o AND f.mode = m AND f.id = free.id
  RETURNING f.id
$$;

CREATE OR REPLACE FUNCTION rotate_key(
  old_id text, new_id text, wrapped bytea, check_value bytea, actor text
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(fingerprint_lock(organization_id, mode)) FROM keks
    WHERE id = $1 AND purpose = 'fingerprint';
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

REVOKE ALL ON FUNCTION find_fingerprints, rekey_fingerprints, forget_fingerprints FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_fingerprints, rekey_fingerprints TO payos_vault_app;
