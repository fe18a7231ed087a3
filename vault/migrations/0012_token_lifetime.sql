-- Tokens with a life of their own, and tokens that pay several times until they end. A saved card
-- is what neither is for one use nor ends.
ALTER TABLE tokens
  ADD COLUMN lifetime_s integer NOT NULL DEFAULT 3600 CHECK (lifetime_s BETWEEN 60 AND 86400),
  DROP CONSTRAINT tokens_check,
  ADD CONSTRAINT tokens_single_use_check CHECK (NOT single_use OR expires_at IS NOT NULL);
COMMENT ON COLUMN tokens.lifetime_s IS 'As asked for; a payment that saves a card may prolong it';
COMMENT ON COLUMN tokens.claimed_by IS 'The attempt that used a token, or was the last to';

-- As before, but that a token which pays several times is no saved card.
CREATE OR REPLACE FUNCTION claim_reveal(
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
      AND NOT t.single_use AND t.expires_at IS NULL
      AND t.shredded_at IS NULL AND t.deleted_at IS NULL;
  INSERT INTO audit_log (organization_id, mode, actor, action, token_id, request_id, detail)
    VALUES (organization, the_mode, the_key, 'card.reveal', token, request,
      the_id || ' ' || CASE WHEN found_card IS NULL THEN 'not_found' ELSE why END);
  IF found_card IS NOT NULL THEN
    RETURN QUERY SELECT NULL::integer, found_card;
  END IF;
END
$$;
