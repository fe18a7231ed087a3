-- The sum of the migrations beside it, written by `npm run generate`.
-- For reading and for review, never executed.

CREATE DOMAIN minor_units AS bigint CHECK (((VALUE >= 0) AND (VALUE <= '999999999999'::bigint)));

CREATE DOMAIN payment_mode AS text CHECK ((VALUE = ANY (ARRAY['test'::text, 'live'::text])));

CREATE DOMAIN public_id AS text COLLATE "C";

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever inserted', TG_TABLE_NAME;
END
$function$;

CREATE TABLE api_keys (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  kind text NOT NULL,
  lookup_id text COLLATE "C" NOT NULL,
  secret_hash bytea NOT NULL,
  pepper_version integer NOT NULL,
  name text NOT NULL,
  hint text NOT NULL,
  permissions text[] NOT NULL,
  rate_limit integer,
  api_version text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  revoked_at timestamp with time zone,
  revoked_reason text,
  CONSTRAINT api_keys_kind_check CHECK ((kind = ANY (ARRAY['secret'::text, 'publishable'::text]))),
  CONSTRAINT api_keys_lookup_id_key UNIQUE (lookup_id),
  CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT api_keys_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
GRANT INSERT, SELECT, UPDATE ON api_keys TO payos_app;
GRANT SELECT ON api_keys TO payos_read;

CREATE TABLE attempts (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  payment_id public_id NOT NULL,
  refund_id public_id,
  kind text NOT NULL,
  state text NOT NULL,
  processor text NOT NULL,
  processor_reference text,
  amount minor_units NOT NULL,
  decline_code text,
  failure text,
  cvc_check text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  resolve_at timestamp with time zone NOT NULL,
  CONSTRAINT attempts_amount_check CHECK (((amount)::bigint > 0)),
  CONSTRAINT attempts_kind_check CHECK ((kind = ANY (ARRAY['authorize'::text, 'capture'::text, 'cancel'::text, 'refund'::text]))),
  CONSTRAINT attempts_organization_id_payment_id_fkey FOREIGN KEY (organization_id, payment_id) REFERENCES payments(organization_id, id),
  CONSTRAINT attempts_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT attempts_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'succeeded'::text, 'declined'::text, 'failed'::text, 'unknown'::text])))
);
CREATE INDEX attempts_open ON public.attempts USING btree (resolve_at) WHERE (state = ANY (ARRAY['sending'::text, 'unknown'::text]));
CREATE INDEX attempts_payment ON public.attempts USING btree (payment_id);
GRANT INSERT, SELECT, UPDATE ON attempts TO payos_app;
GRANT SELECT ON attempts TO payos_read;

CREATE TABLE audit_log (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  organization_id public_id,
  mode payment_mode,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  action text NOT NULL,
  object_id text,
  request_id text,
  address inet,
  details jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_object ON public.audit_log USING btree (object_id, id);
CREATE TRIGGER audit_log_insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT INSERT ON audit_log TO payos_app;
GRANT SELECT ON audit_log TO payos_read;

CREATE TABLE customers (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  reference text,
  name text,
  email text,
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT customers_pkey PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX customers_reference ON public.customers USING btree (organization_id, mode, reference);
GRANT INSERT, SELECT, UPDATE ON customers TO payos_app;
GRANT SELECT ON customers TO payos_read;

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
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT events_organization_id_object_id_sequence_key UNIQUE (organization_id, object_id, sequence),
  CONSTRAINT events_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX events_follow ON public.events USING btree (xid, id);
CREATE INDEX events_list ON public.events USING btree (organization_id, mode, xid DESC, id DESC);
GRANT INSERT, SELECT ON events TO payos_app;
GRANT SELECT ON events TO payos_read;

CREATE TABLE idempotency_keys (
  organization_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  key text COLLATE "C" NOT NULL,
  route text NOT NULL,
  body_hash bytea NOT NULL,
  status integer,
  answer bytea,
  object_id public_id,
  lease_until timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, mode, key)
);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO payos_app;
GRANT SELECT ON idempotency_keys TO payos_read;

CREATE TABLE organizations (
  id public_id NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT organizations_pkey PRIMARY KEY (id)
);
GRANT INSERT, SELECT, UPDATE ON organizations TO payos_app;
GRANT SELECT ON organizations TO payos_read;

CREATE TABLE payment_methods (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  customer_id public_id NOT NULL,
  token_id public_id NOT NULL,
  card jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  kept_at timestamp with time zone,
  deleted_at timestamp with time zone,
  shredded_at timestamp with time zone,
  CONSTRAINT payment_methods_organization_id_customer_id_fkey FOREIGN KEY (organization_id, customer_id) REFERENCES customers(organization_id, id),
  CONSTRAINT payment_methods_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX payment_methods_customer ON public.payment_methods USING btree (customer_id);
CREATE INDEX payment_methods_unsettled ON public.payment_methods USING btree (created_at) WHERE ((kept_at IS NULL) OR ((deleted_at IS NOT NULL) AND (shredded_at IS NULL)));
GRANT INSERT, SELECT, UPDATE ON payment_methods TO payos_app;
GRANT SELECT ON payment_methods TO payos_read;

CREATE TABLE payments (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  status text NOT NULL,
  amount minor_units NOT NULL,
  currency text NOT NULL,
  amount_captured minor_units NOT NULL DEFAULT 0,
  amount_refund_pending minor_units NOT NULL DEFAULT 0,
  amount_refunded minor_units NOT NULL DEFAULT 0,
  capture text NOT NULL,
  initiated_by text NOT NULL,
  token_id public_id NOT NULL,
  payment_method_id public_id,
  customer_id public_id,
  save_card boolean NOT NULL,
  card jsonb NOT NULL,
  reference text,
  description text,
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
  processor text NOT NULL,
  processor_reference text,
  active_attempt_id public_id,
  decline_code text,
  failure text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT captured_within_amount CHECK (((amount_captured)::bigint <= (amount)::bigint)),
  CONSTRAINT payments_amount_check CHECK (((amount)::bigint > 0)),
  CONSTRAINT payments_capture_check CHECK ((capture = ANY (ARRAY['automatic'::text, 'manual'::text]))),
  CONSTRAINT payments_initiated_by_check CHECK ((initiated_by = ANY (ARRAY['customer'::text, 'merchant'::text]))),
  CONSTRAINT payments_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT payments_status_check CHECK ((status = ANY (ARRAY['processing'::text, 'requires_capture'::text, 'succeeded'::text, 'failed'::text, 'canceled'::text]))),
  CONSTRAINT refunded_within_captured CHECK ((((amount_refunded)::bigint + (amount_refund_pending)::bigint) <= (amount_captured)::bigint))
);
CREATE INDEX payments_customer ON public.payments USING btree (customer_id, id DESC) WHERE (customer_id IS NOT NULL);
CREATE INDEX payments_list ON public.payments USING btree (organization_id, mode, id DESC);
CREATE INDEX payments_reference ON public.payments USING btree (organization_id, mode, reference) WHERE (reference IS NOT NULL);
GRANT INSERT, SELECT, UPDATE ON payments TO payos_app;
GRANT SELECT ON payments TO payos_read;

CREATE TABLE refunds (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  payment_id public_id NOT NULL,
  status text NOT NULL,
  amount minor_units NOT NULL,
  currency text NOT NULL,
  reason text,
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
  failure text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT refunds_amount_check CHECK (((amount)::bigint > 0)),
  CONSTRAINT refunds_organization_id_payment_id_fkey FOREIGN KEY (organization_id, payment_id) REFERENCES payments(organization_id, id),
  CONSTRAINT refunds_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT refunds_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX refunds_payment ON public.refunds USING btree (payment_id);
GRANT INSERT, SELECT, UPDATE ON refunds TO payos_app;
GRANT SELECT ON refunds TO payos_read;

CREATE TABLE schema_migrations (
  number integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);
GRANT SELECT ON schema_migrations TO payos_read;

CREATE TABLE webhook_attempts (
  organization_id public_id NOT NULL,
  delivery_id public_id NOT NULL,
  number integer NOT NULL,
  started_at timestamp with time zone NOT NULL,
  duration_ms integer NOT NULL,
  status integer,
  error text,
  response text,
  CONSTRAINT webhook_attempts_pkey PRIMARY KEY (organization_id, delivery_id, number),
  CONSTRAINT webhook_attempts_response_check CHECK ((octet_length(response) <= 2048))
);
GRANT INSERT, SELECT ON webhook_attempts TO payos_app;
GRANT SELECT ON webhook_attempts TO payos_read;

CREATE TABLE webhook_cursor (
  only_row boolean NOT NULL DEFAULT true,
  xid xid8 NOT NULL,
  event_id public_id NOT NULL,
  CONSTRAINT webhook_cursor_only_row_check CHECK (only_row),
  CONSTRAINT webhook_cursor_pkey PRIMARY KEY (only_row)
);
GRANT SELECT, UPDATE ON webhook_cursor TO payos_app;
GRANT SELECT ON webhook_cursor TO payos_read;

CREATE TABLE webhook_deliveries (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  endpoint_id public_id NOT NULL,
  event_id public_id NOT NULL,
  event_type text NOT NULL,
  status text NOT NULL DEFAULT 'pending'::text,
  attempt_count integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  CONSTRAINT webhook_deliveries_once UNIQUE (endpoint_id, event_id, organization_id),
  CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX webhook_deliveries_list ON public.webhook_deliveries USING btree (endpoint_id, id);
GRANT INSERT, SELECT, UPDATE ON webhook_deliveries TO payos_app;
GRANT SELECT ON webhook_deliveries TO payos_read;

CREATE TABLE webhook_endpoints (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  url text NOT NULL,
  events text[] NOT NULL,
  description text,
  status text NOT NULL DEFAULT 'enabled'::text,
  disabled_reason text,
  api_version text NOT NULL,
  secret_sealed bytea,
  failing_since timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  CONSTRAINT webhook_endpoints_check CHECK (((secret_sealed IS NOT NULL) OR (deleted_at IS NOT NULL))),
  CONSTRAINT webhook_endpoints_events_check CHECK ((cardinality(events) > 0)),
  CONSTRAINT webhook_endpoints_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT webhook_endpoints_status_check CHECK ((status = ANY (ARRAY['enabled'::text, 'disabled'::text])))
);
CREATE INDEX webhook_endpoints_live ON public.webhook_endpoints USING btree (organization_id, mode, id) WHERE (deleted_at IS NULL);
GRANT INSERT, SELECT, UPDATE ON webhook_endpoints TO payos_app;
GRANT SELECT ON webhook_endpoints TO payos_read;

CREATE TABLE webhook_queue (
  organization_id public_id NOT NULL,
  endpoint_id public_id NOT NULL,
  delivery_id public_id NOT NULL,
  claim_generation bigint NOT NULL DEFAULT 0,
  lease_until timestamp with time zone,
  CONSTRAINT webhook_queue_pkey PRIMARY KEY (endpoint_id, delivery_id, organization_id)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON webhook_queue TO payos_app;
GRANT SELECT ON webhook_queue TO payos_read;

CREATE TABLE webhook_retries (
  organization_id public_id NOT NULL,
  endpoint_id public_id NOT NULL,
  delivery_id public_id NOT NULL,
  due_at timestamp with time zone NOT NULL,
  claim_generation bigint NOT NULL DEFAULT 0,
  lease_until timestamp with time zone,
  CONSTRAINT webhook_retries_pkey PRIMARY KEY (organization_id, delivery_id)
);
CREATE INDEX webhook_retries_due ON public.webhook_retries USING btree (endpoint_id, due_at);
GRANT DELETE, INSERT, SELECT, UPDATE ON webhook_retries TO payos_app;
GRANT SELECT ON webhook_retries TO payos_read;
