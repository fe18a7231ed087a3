-- Reading a card again, by the merchant whose it is: every try is a row, and how many there may be
-- is counted in the statement that reads the card.

CREATE TABLE reveals (
  id text PRIMARY KEY,
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  key_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE reveals IS 'Every try to reveal a card, also of what is not there';
CREATE INDEX reveals_recent ON reveals (organization_id, mode, at);
CREATE INDEX reveals_of_key ON reveals (organization_id, mode, key_id, at);

-- Whoever holds the row counts.
CREATE TABLE reveal_turns (
  organization_id text NOT NULL,
  mode text NOT NULL,
  PRIMARY KEY (organization_id, mode)
);

ALTER TABLE audit_log
  DROP CONSTRAINT audit_log_action_check,
  ADD CONSTRAINT audit_log_action_check CHECK (action IN (
    'token.create', 'token.keep', 'token.delete', 'token.expire', 'token.renew',
    'card.forward', 'card.forward.finish', 'card.shred', 'card.reveal',
    'key.rewrap', 'key.rotate', 'key.rotate.finish', 'key.retire', 'key.restore', 'key.destroy',
    'custody.seal', 'custody.split', 'custody.share', 'custody.refuse', 'custody.unseal'
  ));

-- Answers the sealed card; nothing where the organization has no such saved card; or in how many
-- seconds there may be another, if there were as many as may be. The role of the vault has no other
-- way to the counts: it cannot forget one.
CREATE FUNCTION claim_reveal(
  the_id text, organization text, the_mode text, the_key text, token text, request text, why text,
  key_hour integer, key_day integer, all_hour integer, all_day integer
) RETURNS TABLE (wait_s integer, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  free_at timestamptz;
  found_card bytea;
BEGIN
  INSERT INTO reveal_turns VALUES (organization, the_mode) ON CONFLICT DO NOTHING;
  PERFORM FROM reveal_turns t
    WHERE t.organization_id = organization AND t.mode = the_mode FOR UPDATE;
  -- The try that is as many back as may be: when it is out of its time, there may be another.
  SELECT max(past.at + past.span) INTO free_at FROM (
    (SELECT r.at, interval '1 hour' AS span FROM reveals r
      WHERE r.organization_id = organization AND r.mode = the_mode AND r.key_id = the_key
      ORDER BY r.at DESC OFFSET key_hour - 1 LIMIT 1)
    UNION ALL (SELECT r.at, interval '1 day' FROM reveals r
      WHERE r.organization_id = organization AND r.mode = the_mode AND r.key_id = the_key
      ORDER BY r.at DESC OFFSET key_day - 1 LIMIT 1)
    UNION ALL (SELECT r.at, interval '1 hour' FROM reveals r
      WHERE r.organization_id = organization AND r.mode = the_mode
      ORDER BY r.at DESC OFFSET all_hour - 1 LIMIT 1)
    UNION ALL (SELECT r.at, interval '1 day' FROM reveals r
      WHERE r.organization_id = organization AND r.mode = the_mode
      ORDER BY r.at DESC OFFSET all_day - 1 LIMIT 1)
  ) past;
  IF free_at > clock_timestamp() THEN
    RETURN QUERY SELECT ceil(extract(epoch FROM free_at - clock_timestamp()))::integer, NULL::bytea;
    RETURN;
  END IF;
  INSERT INTO reveals (id, organization_id, mode, key_id)
    VALUES (the_id, organization, the_mode, the_key);
  SELECT c.sealed INTO found_card FROM tokens t JOIN cards c ON c.token_id = t.id
    WHERE t.id = token AND t.organization_id = organization AND t.mode = the_mode
      AND NOT t.single_use AND t.shredded_at IS NULL AND t.deleted_at IS NULL;
  INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id, detail)
    VALUES (organization, the_mode, the_key, 'card.reveal', token, request,
      the_id || ' ' || CASE WHEN found_card IS NULL THEN 'not_found' ELSE why END);
  IF found_card IS NOT NULL THEN
    RETURN QUERY SELECT NULL::integer, found_card;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION claim_reveal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_reveal TO payos_vault_app;
