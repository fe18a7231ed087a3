-- The card data environment. Tables belong to the owner role; the process connects as
-- payos_vault_app, which gets the least it can do its work with.

CREATE TABLE keks (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  purpose text NOT NULL CHECK (purpose IN ('card', 'fingerprint', 'idempotency')),
  version integer NOT NULL CHECK (version > 0),
  wrapped bytea NOT NULL,
  -- Unique: no two owners, modes or purposes can end up with the same key.
  key_check_value bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, mode, purpose, version)
);
COMMENT ON TABLE keks IS 'Key-encryption keys, wrapped by the key provider';

CREATE TABLE tokens (
  id text PRIMARY KEY,
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  brand text NOT NULL,
  last4 text NOT NULL CHECK (last4 ~ '^[0-9]{4}$'),
  bin text NOT NULL CHECK (bin ~ '^[0-9]{6}$'),
  exp_month smallint NOT NULL CHECK (exp_month BETWEEN 1 AND 12),
  exp_year smallint NOT NULL CHECK (exp_year BETWEEN 2000 AND 2099),
  fingerprint bytea CHECK (length(fingerprint) = 16),
  single_use boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  used_at timestamptz,
  claimed_by text,
  shredded_at timestamptz,
  deleted_at timestamptz,
  CHECK (single_use = (expires_at IS NOT NULL)),
  CHECK ((shredded_at IS NULL) = (fingerprint IS NOT NULL)),
  CHECK (deleted_at IS NULL OR shredded_at IS NOT NULL)
);
COMMENT ON COLUMN tokens.fingerprint IS 'Keyed hash of the number; goes when the card goes';
COMMENT ON COLUMN tokens.claimed_by IS 'The attempt that used a single-use token';
COMMENT ON COLUMN tokens.shredded_at IS 'When the sealed card and its data key were destroyed';
CREATE INDEX tokens_to_expire ON tokens (expires_at)
  WHERE shredded_at IS NULL AND expires_at IS NOT NULL;

CREATE TABLE cards (
  token_id text PRIMARY KEY REFERENCES tokens (id),
  sealed bytea NOT NULL
);
-- Ciphertext does not compress, and the rows are far too short to be moved out of line.
ALTER TABLE cards ALTER COLUMN sealed SET STORAGE PLAIN;
COMMENT ON TABLE cards IS 'Sealed cards with their wrapped data keys; a row is deleted to shred it';

CREATE TABLE forwards (
  attempt_id text PRIMARY KEY,
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  token_id text NOT NULL REFERENCES tokens (id),
  retain boolean NOT NULL,
  state text NOT NULL DEFAULT 'sending'
    CHECK (state IN ('sending', 'answered', 'not_sent', 'unknown')),
  host text NOT NULL,
  status smallint,
  detail text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK ((state = 'sending') = (finished_at IS NULL))
);
COMMENT ON TABLE forwards IS 'One row per attempt, written before anything is sent';
CREATE INDEX forwards_unfinished ON forwards (created_at) WHERE state = 'sending';

CREATE TABLE idempotency_keys (
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  key text NOT NULL,
  request_mac bytea,
  token_id text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, mode, key)
);
COMMENT ON COLUMN idempotency_keys.request_mac IS 'Keyed hash of the request, never of its CVC';
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_token ON idempotency_keys (token_id);

CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  actor text NOT NULL,
  action text NOT NULL CHECK (action IN (
    'token.create', 'token.keep', 'token.delete', 'token.expire',
    'card.forward', 'card.forward.finish', 'card.shred'
  )),
  token_id text NOT NULL,
  attempt_id text,
  request_id text,
  detail text
);
COMMENT ON TABLE audit_log IS 'Written in the transaction of what it tells; never changed';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_log_is_insert_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO payos_vault_app;
GRANT SELECT, INSERT ON keks TO payos_vault_app;
GRANT SELECT, INSERT ON tokens TO payos_vault_app;
GRANT UPDATE (single_use, expires_at, used_at, claimed_by, shredded_at, deleted_at, fingerprint)
  ON tokens TO payos_vault_app;
-- No UPDATE: ciphertext is written once and destroyed once.
GRANT SELECT, INSERT, DELETE ON cards TO payos_vault_app;
GRANT SELECT, INSERT ON forwards TO payos_vault_app;
GRANT UPDATE (state, status, detail, finished_at) ON forwards TO payos_vault_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO payos_vault_app;
GRANT INSERT ON audit_log TO payos_vault_app;

-- Limits and log settings of the role, as far as this owner may set them: on a managed database the
-- operator sets the rest. Parameters of statements must never reach the database's log.
DO $$
DECLARE
  setting text;
BEGIN
  FOREACH setting IN ARRAY ARRAY[
    'statement_timeout = ''5s''',
    'transaction_timeout = ''10s''',
    'idle_in_transaction_session_timeout = ''10s''',
    'log_parameter_max_length_on_error = 0',
    'log_parameter_max_length = 0',
    'log_statement = ''none''',
    'log_min_duration_statement = -1'
  ] LOOP
    BEGIN
      EXECUTE 'ALTER ROLE payos_vault_app SET ' || setting;
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE 'the owner may not set % on payos_vault_app', setting;
    END;
  END LOOP;
END
$$;
