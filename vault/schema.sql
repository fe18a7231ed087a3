-- The sum of the migrations beside it, written by `npm run generate`.
-- For reading and for review, never executed.

CREATE OR REPLACE FUNCTION public.change_key(key_id text, step text, actor text, wait interval DEFAULT '00:00:00'::interval)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.claim_reveal(the_id text, organization text, the_mode text, the_key text, token text, request text, why text, key_hour integer, key_day integer, all_hour integer, all_day integer)
 RETURNS TABLE(wait_s integer, sealed bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.find_fingerprints(places integer[], organizations text[], modes text[], versions integer[], macs bytea[], fresh bytea[])
 RETURNS TABLE(place integer, fingerprint bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.fingerprint_lock(organization text, mode text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$ SELECT hashtextextended(organization || ' ' || mode, 0) $function$;

CREATE OR REPLACE FUNCTION public.forget_fingerprints()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_former_key()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NOT EXISTS (
    SELECT FROM keks WHERE id = encode(substring(NEW.sealed FROM 7 FOR 16), 'hex')
      AND state = 'active'
  ) THEN
    RAISE EXCEPTION 'sealed under a key that is not the active one' USING ERRCODE = 'PK001';
  END IF;
  RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION public.rekey_fingerprints(organizations text[], modes text[], ids bytea[], before bytea[], after bytea[])
 RETURNS SETOF bytea
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.rewrap_cards(ids text[], before bytea[], after bytea[])
 RETURNS SETOF text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.rewrap_key(key_id text, before bytea, after bytea, detail text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  WITH moved AS (
    UPDATE keks SET wrapped = $3 WHERE id = $1 AND wrapped = $2
    RETURNING id, organization_id, mode
  )
  INSERT INTO audit_log (organization_id, mode, actor, action, key_id, detail)
  SELECT organization_id, mode, 'vault', 'key.rewrap', id, $4 FROM moved
$function$;

CREATE OR REPLACE FUNCTION public.rotate_key(old_id text, new_id text, wrapped bytea, check_value bytea, actor text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$;

-- Written in the transaction of what it tells; never changed
CREATE TABLE audit_log (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at timestamp with time zone NOT NULL DEFAULT now(),
  organization_id text,
  mode text,
  actor text NOT NULL,
  action text NOT NULL,
  token_id text,
  attempt_id text,
  request_id text,
  detail text,
  -- The key-encryption key, of what is done to one
  key_id text,
  CONSTRAINT audit_log_action_check CHECK ((action = ANY (ARRAY['token.create'::text, 'token.keep'::text, 'token.delete'::text, 'token.expire'::text, 'token.renew'::text, 'card.forward'::text, 'card.forward.finish'::text, 'card.shred'::text, 'card.reveal'::text, 'key.rewrap'::text, 'key.rotate'::text, 'key.rotate.finish'::text, 'key.retire'::text, 'key.restore'::text, 'key.destroy'::text, 'custody.seal'::text, 'custody.split'::text, 'custody.share'::text, 'custody.refuse'::text, 'custody.unseal'::text]))),
  CONSTRAINT audit_log_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT audit_log_owner_check CHECK (((organization_id IS NULL) = (mode IS NULL))),
  CONSTRAINT audit_log_pkey PRIMARY KEY (id),
  CONSTRAINT audit_log_subject_check CHECK (
CASE
    WHEN (action ~~ 'custody.%'::text) THEN ((organization_id IS NULL) AND (token_id IS NULL))
    WHEN (action ~~ 'key.%'::text) THEN ((organization_id IS NOT NULL) AND (key_id IS NOT NULL))
    ELSE ((organization_id IS NOT NULL) AND (token_id IS NOT NULL))
END)
);
CREATE TRIGGER audit_log_is_insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT INSERT ON audit_log TO payos_vault_app;

-- Sealed cards with their wrapped data keys; a row is deleted to shred it
CREATE TABLE cards (
  token_id text NOT NULL,
  sealed bytea STORAGE PLAIN NOT NULL,
  CONSTRAINT cards_pkey PRIMARY KEY (token_id),
  CONSTRAINT cards_token_id_fkey FOREIGN KEY (token_id) REFERENCES tokens(id)
);
CREATE TRIGGER cards_have_active_key AFTER INSERT ON public.cards FOR EACH ROW EXECUTE FUNCTION refuse_former_key();
GRANT DELETE, INSERT, SELECT ON cards TO payos_vault_app;

-- Cards of an owner, by a keyed hash of the number
CREATE TABLE fingerprints (
  -- What is shown: random, but for cards of before this table
  id bytea NOT NULL,
  organization_id text NOT NULL,
  mode text NOT NULL,
  -- Of the key that the MAC was made with
  version integer NOT NULL,
  mac bytea NOT NULL,
  CONSTRAINT fingerprints_id_check CHECK ((length(id) = 16)),
  CONSTRAINT fingerprints_mac_check CHECK ((length(mac) = 16)),
  CONSTRAINT fingerprints_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT fingerprints_pkey PRIMARY KEY (id, organization_id, mode),
  CONSTRAINT fingerprints_version_check CHECK ((version > 0))
);
CREATE UNIQUE INDEX fingerprints_mac ON public.fingerprints USING btree (organization_id, mode, mac) WHERE (mac IS NOT NULL);
GRANT SELECT ON fingerprints TO payos_vault_app;

-- Where cards of merchants may be sent; rows stay
CREATE TABLE forward_destinations (
  id text NOT NULL,
  organization_id text NOT NULL,
  mode text NOT NULL,
  url text,
  content_type text,
  fields jsonb,
  -- Account of the person who named it
  requested_by text,
  approved_by text,
  added_at timestamp with time zone DEFAULT now(),
  -- The process that told the vault
  added_by text,
  added_request text,
  removed_at timestamp with time zone,
  removed_by text,
  removed_request text,
  CONSTRAINT forward_destinations_content_type_check CHECK ((content_type = ANY (ARRAY['application/json'::text, 'application/x-www-form-urlencoded'::text]))),
  CONSTRAINT forward_destinations_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT forward_destinations_pkey PRIMARY KEY (id),
  CONSTRAINT forward_destinations_url_check CHECK ((url ~~ 'https://%/%'::text)),
  CONSTRAINT not_the_same CHECK ((approved_by <> requested_by)),
  CONSTRAINT two_people CHECK (((mode = 'test'::text) OR (approved_by IS NOT NULL) OR (added_by IS NULL))),
  CONSTRAINT whole_unless_removed CHECK (((removed_at IS NOT NULL) OR (num_nulls(url, content_type, fields, requested_by, added_at, added_by, added_request) = 0)))
);
CREATE TRIGGER forward_destinations_end_once BEFORE UPDATE ON public.forward_destinations FOR EACH ROW WHEN ((old.removed_at IS NOT NULL)) EXECUTE FUNCTION refuse_change();
GRANT INSERT, SELECT ON forward_destinations TO payos_vault_app;
GRANT UPDATE (removed_at, removed_by, removed_request) ON forward_destinations TO payos_vault_app;

-- One row per attempt, written before anything is sent
CREATE TABLE forwards (
  attempt_id text NOT NULL,
  organization_id text NOT NULL,
  mode text NOT NULL,
  token_id text NOT NULL,
  retain boolean NOT NULL,
  state text NOT NULL DEFAULT 'sending'::text,
  host text NOT NULL,
  status smallint,
  detail text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  CONSTRAINT forwards_check CHECK (((state = 'sending'::text) = (finished_at IS NULL))),
  CONSTRAINT forwards_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT forwards_pkey PRIMARY KEY (attempt_id),
  CONSTRAINT forwards_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'answered'::text, 'not_sent'::text, 'unknown'::text]))),
  CONSTRAINT forwards_token_id_fkey FOREIGN KEY (token_id) REFERENCES tokens(id)
);
CREATE INDEX forwards_unfinished ON public.forwards USING btree (created_at) WHERE (state = 'sending'::text);
GRANT INSERT, SELECT ON forwards TO payos_vault_app;
GRANT UPDATE (detail, finished_at, state, status) ON forwards TO payos_vault_app;

CREATE TABLE idempotency_keys (
  organization_id text NOT NULL,
  mode text NOT NULL,
  key text NOT NULL,
  -- Keyed hash of the request, never of its CVC
  request_mac bytea,
  token_id text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT idempotency_keys_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, mode, key)
);
CREATE INDEX idempotency_keys_created ON public.idempotency_keys USING btree (created_at);
CREATE INDEX idempotency_keys_token ON public.idempotency_keys USING btree (token_id);
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO payos_vault_app;

-- Key-encryption keys, wrapped by the key provider
CREATE TABLE keks (
  id text NOT NULL,
  organization_id text NOT NULL,
  mode text NOT NULL,
  purpose text NOT NULL,
  version integer NOT NULL,
  -- Null once it is destroyed
  wrapped bytea,
  key_check_value bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'active'::text,
  state_at timestamp with time zone NOT NULL DEFAULT now(),
  state_by text NOT NULL DEFAULT 'vault'::text,
  -- When nothing was found under it any more, of a former key
  emptied_at timestamp with time zone,
  CONSTRAINT keks_emptied_check CHECK (((emptied_at IS NULL) OR (state <> 'active'::text))),
  CONSTRAINT keks_id_check CHECK ((id ~ '^[0-9a-f]{32}$'::text)),
  CONSTRAINT keks_key_check_value_key UNIQUE (key_check_value),
  CONSTRAINT keks_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT keks_organization_id_mode_purpose_version_key UNIQUE (organization_id, mode, purpose, version),
  CONSTRAINT keks_pkey PRIMARY KEY (id),
  CONSTRAINT keks_purpose_check CHECK ((purpose = ANY (ARRAY['card'::text, 'fingerprint'::text, 'idempotency'::text]))),
  CONSTRAINT keks_state_check CHECK ((state = ANY (ARRAY['active'::text, 'decrypt_only'::text, 'retired'::text, 'destroyed'::text]))),
  CONSTRAINT keks_version_check CHECK ((version > 0)),
  CONSTRAINT keks_wrapped_check CHECK (((state = 'destroyed'::text) = (wrapped IS NULL)))
);
CREATE UNIQUE INDEX keks_active ON public.keks USING btree (organization_id, mode, purpose) WHERE (state = 'active'::text);
GRANT SELECT ON keks TO payos_vault_app;
GRANT INSERT (id, key_check_value, mode, organization_id, purpose, version, wrapped) ON keks TO payos_vault_app;

CREATE TABLE reveal_turns (
  organization_id text NOT NULL,
  mode text NOT NULL,
  CONSTRAINT reveal_turns_pkey PRIMARY KEY (organization_id, mode)
);


-- Every try to reveal a card, also of what is not there
CREATE TABLE reveals (
  id text NOT NULL,
  organization_id text NOT NULL,
  mode text NOT NULL,
  key_id text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT reveals_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT reveals_pkey PRIMARY KEY (id)
);
CREATE INDEX reveals_of_key ON public.reveals USING btree (organization_id, mode, key_id, at);
CREATE INDEX reveals_recent ON public.reveals USING btree (organization_id, mode, at);

CREATE TABLE schema_migrations (
  number integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);


CREATE TABLE tokens (
  id text NOT NULL,
  organization_id text NOT NULL,
  mode text NOT NULL,
  brand text NOT NULL,
  last4 text NOT NULL,
  bin text NOT NULL,
  exp_month smallint NOT NULL,
  exp_year smallint NOT NULL,
  -- Equal for equal cards; goes when the card goes
  fingerprint bytea,
  single_use boolean NOT NULL DEFAULT true,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  -- The attempt that used a token, or was the last to
  claimed_by text,
  -- When the sealed card and its data key were destroyed
  shredded_at timestamp with time zone,
  deleted_at timestamp with time zone,
  funding text,
  country text,
  -- As asked for; a payment that saves a card may prolong it
  lifetime_s integer NOT NULL DEFAULT 3600,
  -- What the caller showed; null for a token from before this was written down, and a renewed card
  made_with text,
  -- On whose page it was made: it pays nothing else
  checkout_session text,
  CONSTRAINT tokens_bin_check CHECK ((bin ~ '^[0-9]{6}$'::text)),
  CONSTRAINT tokens_check1 CHECK (((shredded_at IS NULL) = (fingerprint IS NOT NULL))),
  CONSTRAINT tokens_check2 CHECK (((deleted_at IS NULL) OR (shredded_at IS NOT NULL))),
  CONSTRAINT tokens_checkout_session_check CHECK ((checkout_session ~ '^cs_[1-9A-HJ-NP-Za-km-z]{22}$'::text)),
  CONSTRAINT tokens_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CONSTRAINT tokens_exp_month_check CHECK (((exp_month >= 1) AND (exp_month <= 12))),
  CONSTRAINT tokens_exp_year_check CHECK (((exp_year >= 2000) AND (exp_year <= 2099))),
  CONSTRAINT tokens_fingerprint_check CHECK ((length(fingerprint) = 16)),
  CONSTRAINT tokens_fingerprint_fkey FOREIGN KEY (fingerprint, organization_id, mode) REFERENCES fingerprints(id, organization_id, mode),
  CONSTRAINT tokens_funding_check CHECK ((funding = ANY (ARRAY['credit'::text, 'debit'::text, 'prepaid'::text]))),
  CONSTRAINT tokens_last4_check CHECK ((last4 ~ '^[0-9]{4}$'::text)),
  CONSTRAINT tokens_lifetime_s_check CHECK (((lifetime_s >= 60) AND (lifetime_s <= 86400))),
  CONSTRAINT tokens_made_on_page_check CHECK (((checkout_session IS NOT NULL) = (NOT (made_with IS DISTINCT FROM 'checkout_session'::text)))),
  CONSTRAINT tokens_made_with_check CHECK ((made_with = ANY (ARRAY['secret'::text, 'publishable'::text, 'checkout_session'::text]))),
  CONSTRAINT tokens_mode_check CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CONSTRAINT tokens_pkey PRIMARY KEY (id),
  CONSTRAINT tokens_single_use_check CHECK (((NOT single_use) OR (expires_at IS NOT NULL)))
);
CREATE INDEX tokens_fingerprint ON public.tokens USING btree (fingerprint) WHERE (fingerprint IS NOT NULL);
CREATE INDEX tokens_to_expire ON public.tokens USING btree (expires_at) WHERE ((shredded_at IS NULL) AND (expires_at IS NOT NULL));
CREATE TRIGGER tokens_forget_fingerprints AFTER UPDATE ON public.tokens REFERENCING OLD TABLE AS was NEW TABLE AS is_now FOR EACH STATEMENT EXECUTE FUNCTION forget_fingerprints();
GRANT INSERT, SELECT ON tokens TO payos_vault_app;
GRANT UPDATE (claimed_by, country, deleted_at, expires_at, fingerprint, funding, shredded_at, single_use, used_at) ON tokens TO payos_vault_app;
