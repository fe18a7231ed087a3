-- The control plane's tables. The organization comes first in every primary key, so that the data
-- can be sharded by it.
-- Ids are compared byte by byte (COLLATE "C"), so that their time order holds on any cluster.

CREATE DOMAIN public_id AS text COLLATE "C";
CREATE DOMAIN payment_mode AS text CHECK (VALUE IN ('test', 'live'));
CREATE DOMAIN minor_units AS bigint CHECK (VALUE BETWEEN 0 AND 999999999999);

CREATE TABLE organizations (
  id public_id PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  kind text NOT NULL CHECK (kind IN ('secret', 'publishable')),
  lookup_id text COLLATE "C" NOT NULL UNIQUE,
  secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
  pepper_version integer NOT NULL,
  name text NOT NULL,
  hint text NOT NULL,
  permissions text[] NOT NULL,
  rate_limit integer,
  api_version text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  revoked_reason text,
  PRIMARY KEY (organization_id, id)
);

CREATE TABLE idempotency_keys (
  organization_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  key text COLLATE "C" NOT NULL,
  route text NOT NULL,
  body_hash bytea NOT NULL,
  -- Null while the work is under way.
  status integer,
  -- The stored answer; sealed where the answer holds a secret.
  answer bytea,
  -- What the work created, so that an interrupted request can be taken up again.
  object_id public_id,
  lease_until timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, mode, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE customers (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  reference text,
  name text,
  email text,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX customers_reference ON customers (organization_id, mode, reference);

CREATE TABLE payment_methods (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  customer_id public_id NOT NULL,
  token_id public_id NOT NULL,
  card jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When the vault confirmed that it keeps the card; until then the worker asks again.
  kept_at timestamptz,
  deleted_at timestamptz,
  -- When the vault confirmed that it shredded the card.
  shredded_at timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id)
);
CREATE INDEX payment_methods_customer ON payment_methods (customer_id);
CREATE INDEX payment_methods_unsettled ON payment_methods (created_at)
  WHERE kept_at IS NULL OR (deleted_at IS NOT NULL AND shredded_at IS NULL);

CREATE TABLE payments (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  status text NOT NULL CHECK (
    status IN ('processing', 'requires_capture', 'succeeded', 'failed', 'canceled')
  ),
  amount minor_units NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  amount_captured minor_units NOT NULL DEFAULT 0,
  -- Refunds under way hold their share, so that two at once cannot exceed what was captured.
  amount_refund_pending minor_units NOT NULL DEFAULT 0,
  amount_refunded minor_units NOT NULL DEFAULT 0,
  capture text NOT NULL CHECK (capture IN ('automatic', 'manual')),
  initiated_by text NOT NULL CHECK (initiated_by IN ('customer', 'merchant')),
  token_id public_id NOT NULL,
  payment_method_id public_id,
  customer_id public_id,
  save_card boolean NOT NULL,
  card jsonb NOT NULL,
  reference text,
  description text,
  metadata jsonb NOT NULL DEFAULT '{}',
  processor text NOT NULL,
  processor_reference text,
  -- The authorize, capture or cancel under way; at most one at a time.
  active_attempt_id public_id,
  decline_code text,
  failure text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT captured_within_amount CHECK (amount_captured <= amount),
  CONSTRAINT refunded_within_captured
    CHECK (amount_refunded + amount_refund_pending <= amount_captured)
);
CREATE INDEX payments_list ON payments (organization_id, mode, id DESC);
CREATE INDEX payments_customer ON payments (customer_id, id DESC)
  WHERE customer_id IS NOT NULL;
CREATE INDEX payments_reference ON payments (organization_id, mode, reference)
  WHERE reference IS NOT NULL;

CREATE TABLE refunds (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  payment_id public_id NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
  amount minor_units NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  reason text,
  metadata jsonb NOT NULL DEFAULT '{}',
  failure text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, payment_id) REFERENCES payments (organization_id, id)
);
CREATE INDEX refunds_payment ON refunds (payment_id);

-- One row for every call to a processor, written before the call is made. Its id is the
-- idempotency key towards the processor.
CREATE TABLE attempts (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  payment_id public_id NOT NULL,
  refund_id public_id,
  kind text NOT NULL CHECK (kind IN ('authorize', 'capture', 'cancel', 'refund')),
  state text NOT NULL CHECK (state IN ('sending', 'succeeded', 'declined', 'failed', 'unknown')),
  processor text NOT NULL,
  processor_reference text,
  amount minor_units NOT NULL CHECK (amount > 0),
  decline_code text,
  failure text,
  cvc_check text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  -- When the resolver asks the processor next; moves on with every question.
  resolve_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, payment_id) REFERENCES payments (organization_id, id)
);
-- Ids are unique by themselves, so secondary indexes lead with the id: one that began with the
-- organization would tempt the planner of a young table to walk all rows of an organization.
CREATE INDEX attempts_payment ON attempts (payment_id);
CREATE INDEX attempts_open ON attempts (resolve_at) WHERE state IN ('sending', 'unknown');

-- Facts, written in the transaction that made them true. Readers that follow the table order by
-- (xid, id) below the snapshot horizon: ids alone would skip rows that commit late.
CREATE TABLE events (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  mode payment_mode NOT NULL,
  type text NOT NULL,
  object_id public_id NOT NULL,
  sequence integer NOT NULL,
  api_version text NOT NULL,
  request_id text,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, object_id, sequence)
);
CREATE INDEX events_follow ON events (xid, id);
CREATE INDEX events_list ON events (organization_id, mode, xid DESC, id DESC);

CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  organization_id public_id,
  mode payment_mode,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  action text NOT NULL,
  object_id text,
  request_id text,
  address inet,
  details jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_object ON audit_log (object_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever inserted', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_log_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Rights: the read role sees everything, the app role writes what it must, and the audit log can
-- only be added to (PCI DSS 10.3.2).
GRANT USAGE ON SCHEMA public TO payos_app, payos_read;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO payos_read;
GRANT SELECT, INSERT, UPDATE ON organizations, api_keys, idempotency_keys, customers,
  payment_methods, payments, refunds, attempts TO payos_app;
GRANT DELETE ON idempotency_keys TO payos_app;
GRANT SELECT, INSERT ON events TO payos_app;
GRANT INSERT ON audit_log TO payos_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO payos_read;
