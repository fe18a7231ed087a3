-- The whole life of an API key: what it may do and from where, its rotation, its end; the rules an
-- organization has for its keys; who uses them; and how every process hears of a change.

ALTER TABLE api_keys
  DROP CONSTRAINT api_keys_kind_check,
  ADD CONSTRAINT api_keys_kind_check CHECK (kind IN ('secret', 'publishable', 'signing')),
  -- A signing key is found by its id and holds nothing secret.
  ALTER COLUMN lookup_id DROP NOT NULL,
  ALTER COLUMN secret_hash DROP NOT NULL,
  ALTER COLUMN pepper_version DROP NOT NULL,
  -- Ed25519, 32 bytes (RFC 8032).
  ADD COLUMN public_key bytea CHECK (octet_length(public_key) = 32),
  -- What uses it: one word of the merchant's own, such as "checkout".
  ADD COLUMN service text,
  -- CIDR; empty: every address.
  ADD COLUMN ip_ranges text[] NOT NULL DEFAULT '{}',
  -- Of a publishable key: where pages may use it; empty: everywhere.
  ADD COLUMN allowed_origins text[] NOT NULL DEFAULT '{}',
  -- Customers it is bound to; empty: to none in particular.
  ADD COLUMN customers text[] NOT NULL DEFAULT '{}',
  -- [{currency, per_payment, per_day}] in minor units; empty: every amount in every currency.
  ADD COLUMN amount_limits jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN expires_at timestamptz,
  -- Rotation: the successor takes over, and the old key ends at retires_at.
  ADD COLUMN predecessor_id public_id,
  ADD COLUMN successor_id public_id,
  ADD COLUMN retires_at timestamptz,
  ADD COLUMN disabled_at timestamptz,
  ADD COLUMN disabled_reason text,
  -- Seen where a secret must not be: the first time, and how.
  ADD COLUMN exposed_at timestamptz,
  ADD COLUMN exposed_how text
    CHECK (exposed_how IN ('plain_http', 'leak_report', 'url', 'browser')),
  ADD COLUMN exposed_where text,
  -- The worker has told of its end.
  ADD COLUMN end_told_at timestamptz,
  ADD CONSTRAINT api_keys_secret CHECK (
    CASE kind
      WHEN 'signing' THEN public_key IS NOT NULL AND lookup_id IS NULL AND secret_hash IS NULL
      ELSE public_key IS NULL AND lookup_id IS NOT NULL AND secret_hash IS NOT NULL
        AND pepper_version IS NOT NULL
    END),
  ADD CONSTRAINT api_keys_rotation CHECK ((successor_id IS NULL) = (retires_at IS NULL));
-- A key is rotated once: of two rotations at once one is refused.
CREATE UNIQUE INDEX api_keys_predecessor ON api_keys (organization_id, predecessor_id)
  WHERE predecessor_id IS NOT NULL;
-- The same public key registered twice would be two identities behind one signature.
CREATE UNIQUE INDEX api_keys_public_key ON api_keys (organization_id, mode, public_key)
  WHERE public_key IS NOT NULL AND revoked_at IS NULL;
-- Verification finds a signing key by its id alone.
CREATE UNIQUE INDEX api_keys_id ON api_keys (id);

CREATE TABLE api_key_policies (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  mode payment_mode NOT NULL,
  -- Days after which a key is due to be replaced; null: never.
  max_age_days integer CHECK (max_age_days BETWEEN 1 AND 3650),
  on_overdue text NOT NULL CHECK (on_overdue IN ('warn', 'freeze', 'expire')),
  -- The longest expiry a new key may be given; null: any, also none.
  longest_expiry_days integer CHECK (longest_expiry_days BETWEEN 1 AND 3650),
  require_ip_ranges boolean NOT NULL,
  one_service_per_key boolean NOT NULL,
  on_plain_http text NOT NULL CHECK (on_plain_http IN ('flag', 'disable', 'revoke')),
  on_leak_report text NOT NULL CHECK (on_leak_report IN ('flag', 'disable', 'revoke')),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, mode)
);

-- Reminders that were sent, so that each is sent once.
CREATE TABLE api_key_reminders (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  -- What is near: the end of its life, or of the age the rules allow.
  ends text NOT NULL CHECK (ends IN ('expiry', 'age')),
  -- When it is due: a new date brings new reminders.
  due_at timestamptz NOT NULL,
  days integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, key_id, ends, due_at, days),
  FOREIGN KEY (organization_id, key_id) REFERENCES api_keys (organization_id, id)
);

-- Who uses a key and from where. Counted in memory and written every few seconds, so that no
-- request waits for it; what the last seconds held is lost when a process is killed.
CREATE TABLE api_key_uses (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  address inet NOT NULL,
  user_agent text NOT NULL,
  requests bigint NOT NULL,
  first_used_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, key_id, address, user_agent)
);
CREATE INDEX api_key_uses_last ON api_key_uses (organization_id, key_id, last_used_at DESC);

-- Which of its permissions a key uses, so that those it does not use can be taken away.
CREATE TABLE api_key_permission_uses (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  permission text NOT NULL,
  requests bigint NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, key_id, permission)
);

-- What a key with a cap per day has asked for, by UTC day.
CREATE TABLE api_key_spending (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  day date NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (organization_id, key_id, day, currency)
);
-- Which day's sum an attempt counts in, so that a declined one is taken out again.
ALTER TABLE attempts
  ADD COLUMN capped_key_id public_id,
  ADD COLUMN capped_day date;

-- Processes that remember keys. A row whose seen_at is old belongs to a process that is gone, or
-- that trusts nothing it remembers.
CREATE TABLE key_nodes (
  id text COLLATE "C" PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('server', 'vault')),
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);

-- Changes of keys that every process must hear of. Readers go by (xid, id) from the horizon of
-- their last snapshot on, because ids alone skip what commits late.
CREATE TABLE key_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  organization_id public_id NOT NULL,
  -- Null: every key of the organization and mode, after a change of its rules.
  key_id public_id,
  mode payment_mode NOT NULL,
  -- The processes that were alive then.
  nodes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX key_changes_xid ON key_changes (xid, id);
CREATE INDEX key_changes_key ON key_changes (organization_id, key_id, id DESC);

CREATE TABLE key_change_acks (
  change_id bigint NOT NULL REFERENCES key_changes (id) ON DELETE CASCADE,
  node_id text COLLATE "C" NOT NULL,
  acknowledged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (change_id, node_id)
);

GRANT SELECT, INSERT, UPDATE ON api_key_policies, api_key_uses, api_key_permission_uses,
  api_key_spending, key_nodes TO payos_app;
GRANT SELECT, INSERT ON api_key_reminders, key_changes, key_change_acks TO payos_app;
GRANT DELETE ON api_key_reminders, api_key_uses, api_key_permission_uses, api_key_spending,
  key_nodes, key_changes TO payos_app;
