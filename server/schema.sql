-- The sum of the migrations beside it, written by `npm run generate`.
-- For reading and for review, never executed.

CREATE DOMAIN minor_units AS bigint CHECK (((VALUE >= 0) AND (VALUE <= '999999999999'::bigint)));

CREATE DOMAIN payment_mode AS text CHECK ((VALUE = ANY (ARRAY['test'::text, 'live'::text])));

CREATE DOMAIN public_id AS text COLLATE "C";

CREATE OR REPLACE FUNCTION public.card_gate_step()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status = 'requested' THEN RETURN NEW; END IF;
  ELSIF NEW.status = OLD.status OR (OLD.status, NEW.status) IN (('requested', 'approved'),
      ('requested', 'rejected'), ('requested', 'closed'), ('approved', 'closed')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this is not a step that % may take', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever inserted', TG_TABLE_NAME;
END
$function$;

CREATE OR REPLACE FUNCTION public.reveal_key_step()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status = 'requested' THEN RETURN NEW; END IF;
  ELSIF NEW.status = OLD.status OR (OLD.status, NEW.status) IN (('requested', 'approved'),
      ('requested', 'removed'), ('approved', 'removed')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this is not a step that % may take', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$function$;

CREATE OR REPLACE FUNCTION public.search_query(owner text, words text)
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT (string_agg(quote_literal(owner || left(lower(word), 60)), ' & ' ORDER BY place) || ':*')
    ::tsquery
  FROM regexp_split_to_table(left(words, 500), '[^[:alnum:]]+') WITH ORDINALITY
    AS part (word, place)
  WHERE word <> ''
$function$;

CREATE OR REPLACE FUNCTION public.search_words(owner text, words text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE COST 10000
AS $function$
  SELECT coalesce(array_agg(DISTINCT owner || left(lower(word), 60)), '{}')
  FROM regexp_split_to_table(left(words, 500), '[^[:alnum:]]+') AS word WHERE word <> ''
$function$;

CREATE TABLE accounts (
  id public_id NOT NULL,
  email text NOT NULL,
  email_key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  previous_passwords text[] NOT NULL DEFAULT '{}'::text[],
  password_changed_at timestamp with time zone NOT NULL DEFAULT now(),
  failed_attempts integer NOT NULL DEFAULT 0,
  locked_until timestamp with time zone,
  lock_untold boolean NOT NULL DEFAULT false,
  lock_address inet,
  lock_user_agent text,
  enroll_until timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  factors_replaced_at timestamp with time zone,
  CONSTRAINT accounts_email_key_key UNIQUE (email_key),
  CONSTRAINT accounts_pkey PRIMARY KEY (id),
  CONSTRAINT accounts_previous_passwords_check CHECK ((cardinality(previous_passwords) <= 4))
);
CREATE INDEX accounts_lock_untold ON public.accounts USING btree (id) WHERE lock_untold;
GRANT INSERT, SELECT, UPDATE ON accounts TO payos_app;
GRANT SELECT (created_at, email, email_key, enroll_until, failed_attempts, id, locked_until, name, password_changed_at) ON accounts TO payos_read;

CREATE TABLE api_key_permission_uses (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  permission text NOT NULL,
  requests bigint NOT NULL,
  last_used_at timestamp with time zone NOT NULL,
  CONSTRAINT api_key_permission_uses_pkey PRIMARY KEY (organization_id, key_id, permission)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON api_key_permission_uses TO payos_app;
GRANT SELECT ON api_key_permission_uses TO payos_read;

CREATE TABLE api_key_policies (
  organization_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  max_age_days integer,
  on_overdue text NOT NULL,
  longest_expiry_days integer,
  require_ip_ranges boolean NOT NULL,
  one_service_per_key boolean NOT NULL,
  on_plain_http text NOT NULL,
  on_leak_report text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT api_key_policies_longest_expiry_days_check CHECK (((longest_expiry_days >= 1) AND (longest_expiry_days <= 3650))),
  CONSTRAINT api_key_policies_max_age_days_check CHECK (((max_age_days >= 1) AND (max_age_days <= 3650))),
  CONSTRAINT api_key_policies_on_leak_report_check CHECK ((on_leak_report = ANY (ARRAY['flag'::text, 'disable'::text, 'revoke'::text]))),
  CONSTRAINT api_key_policies_on_overdue_check CHECK ((on_overdue = ANY (ARRAY['warn'::text, 'freeze'::text, 'expire'::text]))),
  CONSTRAINT api_key_policies_on_plain_http_check CHECK ((on_plain_http = ANY (ARRAY['flag'::text, 'disable'::text, 'revoke'::text]))),
  CONSTRAINT api_key_policies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT api_key_policies_pkey PRIMARY KEY (organization_id, mode)
);
GRANT INSERT, SELECT, UPDATE ON api_key_policies TO payos_app;
GRANT SELECT ON api_key_policies TO payos_read;

CREATE TABLE api_key_reminders (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  ends text NOT NULL,
  due_at timestamp with time zone NOT NULL,
  days integer NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT api_key_reminders_ends_check CHECK ((ends = ANY (ARRAY['expiry'::text, 'age'::text]))),
  CONSTRAINT api_key_reminders_organization_id_key_id_fkey FOREIGN KEY (organization_id, key_id) REFERENCES api_keys(organization_id, id),
  CONSTRAINT api_key_reminders_pkey PRIMARY KEY (organization_id, key_id, ends, due_at, days)
);
GRANT DELETE, INSERT, SELECT ON api_key_reminders TO payos_app;
GRANT SELECT ON api_key_reminders TO payos_read;

CREATE TABLE api_key_spending (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  day date NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL,
  CONSTRAINT api_key_spending_amount_check CHECK ((amount >= 0)),
  CONSTRAINT api_key_spending_pkey PRIMARY KEY (organization_id, key_id, day, currency)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON api_key_spending TO payos_app;
GRANT SELECT ON api_key_spending TO payos_read;

CREATE TABLE api_key_uses (
  organization_id public_id NOT NULL,
  key_id public_id NOT NULL,
  address inet NOT NULL,
  user_agent text NOT NULL,
  requests bigint NOT NULL,
  first_used_at timestamp with time zone NOT NULL,
  last_used_at timestamp with time zone NOT NULL,
  CONSTRAINT api_key_uses_pkey PRIMARY KEY (organization_id, key_id, address, user_agent)
);
CREATE INDEX api_key_uses_last ON public.api_key_uses USING btree (organization_id, key_id, last_used_at DESC);
GRANT DELETE, INSERT, SELECT, UPDATE ON api_key_uses TO payos_app;
GRANT SELECT ON api_key_uses TO payos_read;

CREATE TABLE api_keys (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  kind text NOT NULL,
  lookup_id text COLLATE "C",
  secret_hash bytea,
  pepper_version integer,
  name text NOT NULL,
  hint text NOT NULL,
  permissions text[] NOT NULL,
  rate_limit integer,
  api_version text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  revoked_at timestamp with time zone,
  revoked_reason text,
  owner_id public_id,
  public_key bytea,
  service text,
  ip_ranges text[] NOT NULL DEFAULT '{}'::text[],
  allowed_origins text[] NOT NULL DEFAULT '{}'::text[],
  customers text[] NOT NULL DEFAULT '{}'::text[],
  amount_limits jsonb NOT NULL DEFAULT '[]'::jsonb,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone,
  predecessor_id public_id,
  successor_id public_id,
  retires_at timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_reason text,
  exposed_at timestamp with time zone,
  exposed_how text,
  exposed_where text,
  end_told_at timestamp with time zone,
  spending_key_id public_id,
  rolled_by_self boolean NOT NULL DEFAULT false,
  CONSTRAINT api_keys_exposed_how_check CHECK ((exposed_how = ANY (ARRAY['plain_http'::text, 'leak_report'::text, 'url'::text, 'browser'::text]))),
  CONSTRAINT api_keys_kind_check CHECK ((kind = ANY (ARRAY['secret'::text, 'publishable'::text, 'signing'::text]))),
  CONSTRAINT api_keys_lookup_id_key UNIQUE (lookup_id),
  CONSTRAINT api_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT api_keys_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT api_keys_public_key_check CHECK ((octet_length(public_key) = 32)),
  CONSTRAINT api_keys_rotation CHECK (((successor_id IS NULL) = (retires_at IS NULL))),
  CONSTRAINT api_keys_secret CHECK (
CASE kind
    WHEN 'signing'::text THEN ((public_key IS NOT NULL) AND (lookup_id IS NULL) AND (secret_hash IS NULL))
    ELSE ((public_key IS NULL) AND (lookup_id IS NOT NULL) AND (secret_hash IS NOT NULL) AND (pepper_version IS NOT NULL))
END),
  CONSTRAINT api_keys_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
CREATE UNIQUE INDEX api_keys_id ON public.api_keys USING btree (id);
CREATE INDEX api_keys_owner ON public.api_keys USING btree (owner_id) WHERE (owner_id IS NOT NULL);
CREATE UNIQUE INDEX api_keys_predecessor ON public.api_keys USING btree (organization_id, predecessor_id) WHERE (predecessor_id IS NOT NULL);
CREATE UNIQUE INDEX api_keys_public_key ON public.api_keys USING btree (organization_id, public_key) WHERE (public_key IS NOT NULL);
GRANT INSERT, SELECT, UPDATE ON api_keys TO payos_app;
GRANT SELECT ON api_keys TO payos_read;

CREATE TABLE api_requests (
  organization_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  id public_id NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  status integer NOT NULL,
  code text,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  address inet,
  duration_ms integer NOT NULL,
  wide boolean NOT NULL,
  object_id public_id,
  related_id public_id,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT api_requests_pkey PRIMARY KEY (organization_id, mode, id)
);
CREATE INDEX api_requests_age ON public.api_requests USING btree (created_at);
CREATE INDEX api_requests_errors ON public.api_requests USING btree (organization_id, mode, id DESC) WHERE (status >= 400);
CREATE INDEX api_requests_failures ON public.api_requests USING btree (organization_id, mode, id DESC) WHERE (status >= 500);
CREATE INDEX api_requests_object ON public.api_requests USING btree (object_id, id DESC) WHERE (object_id IS NOT NULL);
CREATE INDEX api_requests_related ON public.api_requests USING btree (related_id, id DESC) WHERE (related_id IS NOT NULL);
CREATE INDEX api_requests_seldom ON public.api_requests USING btree (organization_id, mode, id DESC) WHERE (method <> 'POST'::text);
GRANT DELETE, INSERT, SELECT ON api_requests TO payos_app;
GRANT SELECT ON api_requests TO payos_read;

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
  capped_key_id public_id,
  capped_day date,
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
CREATE INDEX audit_log_action ON public.audit_log USING btree (organization_id, action text_pattern_ops, id DESC) WHERE (action <> ALL (ARRAY['payment.create'::text, 'payment.authorize.settle'::text]));
CREATE INDEX audit_log_actor ON public.audit_log USING btree (actor_id, id DESC);
CREATE INDEX audit_log_list ON public.audit_log USING btree (organization_id, mode, id DESC);
CREATE INDEX audit_log_object ON public.audit_log USING btree (object_id, id);
CREATE INDEX audit_log_people ON public.audit_log USING btree (organization_id, id DESC) WHERE (actor_type <> 'api_key'::text);
CREATE INDEX audit_log_time ON public.audit_log USING btree (created_at);
CREATE TRIGGER audit_log_insert_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT INSERT ON audit_log TO payos_app;
GRANT SELECT ON audit_log TO payos_read;

CREATE TABLE card_data_findings (
  id public_id NOT NULL,
  organization_id public_id,
  mode payment_mode,
  stream text NOT NULL,
  place text NOT NULL,
  found integer NOT NULL,
  untold integer NOT NULL,
  request_id text,
  first_at timestamp with time zone NOT NULL DEFAULT now(),
  last_at timestamp with time zone NOT NULL DEFAULT now(),
  told_at timestamp with time zone,
  CONSTRAINT card_data_findings_cause UNIQUE NULLS NOT DISTINCT (organization_id, mode, stream, place),
  CONSTRAINT card_data_findings_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT card_data_findings_pkey PRIMARY KEY (id),
  CONSTRAINT card_data_findings_place_check CHECK ((char_length(place) <= 200)),
  CONSTRAINT card_data_findings_stream_check CHECK ((stream = ANY (ARRAY['answer'::text, 'webhook'::text, 'mail'::text, 'log'::text]))),
  CONSTRAINT card_data_findings_whose CHECK (((organization_id IS NULL) = (mode IS NULL)))
);
CREATE INDEX card_data_findings_due ON public.card_data_findings USING btree (told_at) WHERE (untold > 0);
GRANT INSERT, SELECT ON card_data_findings TO payos_app;
GRANT UPDATE (found, last_at, request_id, told_at, untold) ON card_data_findings TO payos_app;
GRANT SELECT ON card_data_findings TO payos_read;

CREATE TABLE card_gate_attestations (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  level text NOT NULL,
  assessor text NOT NULL,
  document_sha256 text NOT NULL,
  valid_from timestamp with time zone NOT NULL,
  valid_until timestamp with time zone NOT NULL,
  raw_cards boolean NOT NULL,
  reveal boolean NOT NULL,
  key_per_hour integer NOT NULL,
  key_per_day integer NOT NULL,
  all_per_hour integer NOT NULL,
  all_per_day integer NOT NULL,
  status text NOT NULL DEFAULT 'requested'::text,
  requested_by public_id NOT NULL,
  requested_by_account public_id NOT NULL,
  requested_at timestamp with time zone NOT NULL DEFAULT now(),
  decided_by public_id,
  decided_by_account public_id,
  decided_at timestamp with time zone,
  replaced_at timestamp with time zone,
  closed_by text,
  closed_at timestamp with time zone,
  closed_reason text,
  end_told_at timestamp with time zone,
  closed_cause text,
  CONSTRAINT card_gate_attestations_all_per_day_check CHECK (((all_per_day >= 1) AND (all_per_day <= 5000))),
  CONSTRAINT card_gate_attestations_all_per_hour_check CHECK (((all_per_hour >= 1) AND (all_per_hour <= 1000))),
  CONSTRAINT card_gate_attestations_closed_cause_check CHECK ((closed_cause = ANY (ARRAY['person'::text, 'key_exposed'::text, 'card_data_found'::text, 'reveal_limits'::text, 'reveal_refusals'::text]))),
  CONSTRAINT card_gate_attestations_document_sha256_check CHECK ((document_sha256 ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT card_gate_attestations_key_per_day_check CHECK (((key_per_day >= 1) AND (key_per_day <= 5000))),
  CONSTRAINT card_gate_attestations_key_per_hour_check CHECK (((key_per_hour >= 1) AND (key_per_hour <= 1000))),
  CONSTRAINT card_gate_attestations_level_check CHECK ((level = ANY (ARRAY['saq_d_merchant'::text, 'saq_d_service_provider'::text, 'roc_merchant'::text, 'roc_service_provider'::text]))),
  CONSTRAINT card_gate_attestations_organization_id_decided_by_decided__fkey FOREIGN KEY (organization_id, decided_by, decided_by_account) REFERENCES members(organization_id, id, account_id),
  CONSTRAINT card_gate_attestations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT card_gate_attestations_organization_id_requested_by_reques_fkey FOREIGN KEY (organization_id, requested_by, requested_by_account) REFERENCES members(organization_id, id, account_id),
  CONSTRAINT card_gate_attestations_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT card_gate_attestations_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'approved'::text, 'rejected'::text, 'closed'::text]))),
  CONSTRAINT card_gate_cause CHECK (((status = 'closed'::text) = (closed_cause IS NOT NULL))),
  CONSTRAINT card_gate_closed CHECK (((status = 'closed'::text) = (closed_at IS NOT NULL))),
  CONSTRAINT card_gate_decided CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_by IS NULL) = (decided_by_account IS NULL)) AND ((status <> ALL (ARRAY['approved'::text, 'rejected'::text])) OR (decided_by IS NOT NULL)))),
  CONSTRAINT card_gate_scope CHECK ((raw_cards OR reveal)),
  CONSTRAINT card_gate_two_people CHECK (((status = 'rejected'::text) OR ((decided_by_account)::text <> (requested_by_account)::text))),
  CONSTRAINT card_gate_year CHECK (((valid_until > valid_from) AND (valid_until <= (valid_from + '8784:00:00'::interval))))
);
CREATE INDEX card_gate_approved ON public.card_gate_attestations USING btree (organization_id, mode) WHERE (status = 'approved'::text);
CREATE INDEX card_gate_ends ON public.card_gate_attestations USING btree (valid_until) WHERE ((status = 'approved'::text) AND (end_told_at IS NULL));
CREATE UNIQUE INDEX card_gate_one_request ON public.card_gate_attestations USING btree (organization_id, mode) WHERE (status = 'requested'::text);
CREATE TRIGGER card_gate_step BEFORE INSERT OR UPDATE ON public.card_gate_attestations FOR EACH ROW EXECUTE FUNCTION card_gate_step();
GRANT INSERT, SELECT ON card_gate_attestations TO payos_app;
GRANT UPDATE (closed_at, closed_by, closed_cause, closed_reason, decided_at, decided_by, decided_by_account, end_told_at, replaced_at, status) ON card_gate_attestations TO payos_app;
GRANT SELECT ON card_gate_attestations TO payos_read;

CREATE TABLE card_gate_reminders (
  organization_id public_id NOT NULL,
  attestation_id public_id NOT NULL,
  days integer NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT card_gate_reminders_organization_id_attestation_id_fkey FOREIGN KEY (organization_id, attestation_id) REFERENCES card_gate_attestations(organization_id, id),
  CONSTRAINT card_gate_reminders_pkey PRIMARY KEY (organization_id, attestation_id, days)
);
GRANT INSERT, SELECT ON card_gate_reminders TO payos_app;
GRANT SELECT ON card_gate_reminders TO payos_read;

CREATE TABLE checkout_secrets (
  session_id public_id NOT NULL,
  organization_id public_id NOT NULL,
  hash bytea NOT NULL,
  collect_hash bytea,
  CONSTRAINT checkout_secrets_collect_hash_check CHECK ((octet_length(collect_hash) = 32)),
  CONSTRAINT checkout_secrets_hash_check CHECK ((octet_length(hash) = 32)),
  CONSTRAINT checkout_secrets_organization_id_session_id_fkey FOREIGN KEY (organization_id, session_id) REFERENCES checkout_sessions(organization_id, id),
  CONSTRAINT checkout_secrets_pkey PRIMARY KEY (session_id)
);
GRANT INSERT, SELECT ON checkout_secrets TO payos_app;

CREATE TABLE checkout_sessions (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  status text NOT NULL DEFAULT 'open'::text,
  amount minor_units NOT NULL,
  currency text NOT NULL,
  reference text NOT NULL,
  description text,
  return_url text NOT NULL,
  cancel_url text NOT NULL,
  customer_id public_id,
  save_payment_method boolean NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb,
  key_id public_id,
  payment_id public_id,
  tries integer NOT NULL DEFAULT 0,
  problem text,
  expires_at timestamp with time zone NOT NULL,
  completed_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  saved_card_code text NOT NULL DEFAULT 'required'::text,
  CONSTRAINT checkout_sessions_amount_check CHECK (((amount)::bigint > 0)),
  CONSTRAINT checkout_sessions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT checkout_sessions_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT checkout_sessions_saved_card_code_check CHECK ((saved_card_code = ANY (ARRAY['required'::text, 'off'::text]))),
  CONSTRAINT checkout_sessions_status_check CHECK ((status = ANY (ARRAY['open'::text, 'complete'::text, 'expired'::text]))),
  CONSTRAINT checkout_sessions_tries_check CHECK ((tries >= 0)),
  CONSTRAINT complete_by_payment CHECK (((status <> 'complete'::text) OR (payment_id IS NOT NULL))),
  CONSTRAINT expired_without_payment CHECK (((status <> 'expired'::text) OR (payment_id IS NULL))),
  CONSTRAINT saved_for_somebody CHECK (((NOT save_payment_method) OR (customer_id IS NOT NULL)))
);
CREATE INDEX checkout_sessions_list ON public.checkout_sessions USING btree (organization_id, mode, id DESC);
CREATE INDEX checkout_sessions_open ON public.checkout_sessions USING btree (expires_at) WHERE ((status = 'open'::text) AND (payment_id IS NULL));
GRANT INSERT, SELECT ON checkout_sessions TO payos_app;
GRANT UPDATE (completed_at, payment_id, problem, status, tries, updated_at) ON checkout_sessions TO payos_app;
GRANT SELECT ON checkout_sessions TO payos_read;

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
CREATE INDEX customers_email ON public.customers USING btree (organization_id, mode, lower(email) COLLATE "C") WHERE (email IS NOT NULL);
CREATE INDEX customers_list ON public.customers USING btree (organization_id, mode, id DESC);
CREATE UNIQUE INDEX customers_reference ON public.customers USING btree (organization_id, mode, reference);
CREATE INDEX customers_reference_prefix ON public.customers USING btree (organization_id, mode, lower(reference) COLLATE "C") WHERE (reference IS NOT NULL);
CREATE INDEX customers_words ON public.customers USING gin (array_to_tsvector(search_words(((organization_id)::text || (mode)::text), name))) WHERE (name IS NOT NULL);
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
CREATE INDEX events_seldom ON public.events USING btree (organization_id, mode, type, xid DESC, id DESC) WHERE (type <> 'payment.succeeded'::text);
GRANT INSERT, SELECT ON events TO payos_app;
GRANT SELECT ON events TO payos_read;

CREATE TABLE factor_resets (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  account_id public_id NOT NULL,
  member_id public_id NOT NULL,
  reason text NOT NULL,
  address inet,
  status text NOT NULL DEFAULT 'pending'::text,
  decided_by public_id,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  decided_at timestamp with time zone,
  CONSTRAINT factor_resets_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT factor_resets_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT factor_resets_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT factor_resets_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'refused'::text])))
);
CREATE UNIQUE INDEX factor_resets_open ON public.factor_resets USING btree (account_id, organization_id) WHERE (status = 'pending'::text);
GRANT INSERT, SELECT, UPDATE ON factor_resets TO payos_app;
GRANT SELECT ON factor_resets TO payos_read;

CREATE TABLE forward_counts (
  organization_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  hour timestamp with time zone NOT NULL,
  count integer NOT NULL,
  CONSTRAINT forward_counts_pkey PRIMARY KEY (organization_id, mode)
);
GRANT INSERT, SELECT, UPDATE ON forward_counts TO payos_app;
GRANT SELECT ON forward_counts TO payos_read;

CREATE TABLE forward_destinations (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  content_type text NOT NULL,
  fields jsonb NOT NULL,
  status text NOT NULL,
  requested_by public_id NOT NULL,
  requester_account public_id NOT NULL,
  decided_by public_id,
  decider_account public_id,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  decided_at timestamp with time zone,
  removed_at timestamp with time zone,
  vault_told_at timestamp with time zone,
  CONSTRAINT forward_destinations_content_type_check CHECK ((content_type = ANY (ARRAY['application/json'::text, 'application/x-www-form-urlencoded'::text]))),
  CONSTRAINT forward_destinations_not_the_same CHECK (((decider_account)::text <> (requester_account)::text)),
  CONSTRAINT forward_destinations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT forward_destinations_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT forward_destinations_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'refused'::text, 'removed'::text]))),
  CONSTRAINT forward_destinations_two_people CHECK ((((mode)::text = 'test'::text) OR (status <> 'active'::text) OR (decider_account IS NOT NULL)))
);
CREATE INDEX forward_destinations_untold ON public.forward_destinations USING btree (removed_at) WHERE ((status = 'removed'::text) AND (vault_told_at IS NULL));
GRANT INSERT, SELECT, UPDATE ON forward_destinations TO payos_app;
GRANT SELECT ON forward_destinations TO payos_read;

CREATE TABLE forwards (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  destination_id public_id NOT NULL,
  token_id public_id,
  payment_method_id public_id,
  idempotency_key text COLLATE "C" NOT NULL,
  body_hash bytea NOT NULL,
  status text NOT NULL DEFAULT 'sending'::text,
  method text NOT NULL,
  url text NOT NULL,
  request json,
  response json,
  response_status smallint,
  failure text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  emptied_at timestamp with time zone,
  CONSTRAINT forwards_check CHECK (((status = 'sending'::text) = (finished_at IS NULL))),
  CONSTRAINT forwards_once UNIQUE (organization_id, mode, idempotency_key),
  CONSTRAINT forwards_organization_id_destination_id_fkey FOREIGN KEY (organization_id, destination_id) REFERENCES forward_destinations(organization_id, id),
  CONSTRAINT forwards_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT forwards_status_check CHECK ((status = ANY (ARRAY['sending'::text, 'answered'::text, 'not_sent'::text, 'unknown'::text])))
);
CREATE INDEX forwards_full ON public.forwards USING btree (created_at) WHERE (emptied_at IS NULL);
CREATE INDEX forwards_open ON public.forwards USING btree (created_at) WHERE (status = 'sending'::text);
GRANT INSERT, SELECT, UPDATE ON forwards TO payos_app;
GRANT SELECT ON forwards TO payos_read;

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

CREATE TABLE invitations (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  email text NOT NULL,
  email_key text COLLATE "C" NOT NULL,
  role_test text COLLATE "C",
  role_live text COLLATE "C",
  invited_by public_id NOT NULL,
  token_hash bytea NOT NULL,
  mailed boolean NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  accepted_at timestamp with time zone,
  revoked_at timestamp with time zone,
  mailed_token_hash bytea,
  CONSTRAINT invitations_check CHECK (((role_test IS NOT NULL) OR (role_live IS NOT NULL))),
  CONSTRAINT invitations_mailed_token_hash_check CHECK ((octet_length(mailed_token_hash) = 32)),
  CONSTRAINT invitations_mailed_token_hash_key UNIQUE (mailed_token_hash),
  CONSTRAINT invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT invitations_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT invitations_token_hash_check CHECK ((octet_length(token_hash) = 32)),
  CONSTRAINT invitations_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX invitations_email ON public.invitations USING btree (organization_id, email_key) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));
GRANT INSERT, SELECT, UPDATE ON invitations TO payos_app;
GRANT SELECT (accepted_at, created_at, email, email_key, expires_at, id, invited_by, mailed, organization_id, revoked_at, role_live, role_test) ON invitations TO payos_read;

CREATE TABLE key_change_acks (
  change_id bigint NOT NULL,
  node_id text COLLATE "C" NOT NULL,
  acknowledged_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT key_change_acks_change_id_fkey FOREIGN KEY (change_id) REFERENCES key_changes(id) ON DELETE CASCADE,
  CONSTRAINT key_change_acks_pkey PRIMARY KEY (change_id, node_id)
);
GRANT INSERT, SELECT ON key_change_acks TO payos_app;
GRANT SELECT ON key_change_acks TO payos_read;

CREATE TABLE key_changes (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  organization_id public_id NOT NULL,
  key_id public_id,
  mode payment_mode NOT NULL,
  nodes text[] NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT key_changes_pkey PRIMARY KEY (id)
);
CREATE INDEX key_changes_key ON public.key_changes USING btree (organization_id, key_id, id DESC);
CREATE INDEX key_changes_xid ON public.key_changes USING btree (xid, id);
GRANT DELETE, INSERT, SELECT ON key_changes TO payos_app;
GRANT SELECT ON key_changes TO payos_read;

CREATE TABLE key_nodes (
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  seen_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT key_nodes_kind_check CHECK ((kind = ANY (ARRAY['server'::text, 'vault'::text]))),
  CONSTRAINT key_nodes_pkey PRIMARY KEY (id)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON key_nodes TO payos_app;
GRANT SELECT ON key_nodes TO payos_read;

CREATE TABLE mails (
  id public_id NOT NULL,
  organization_id public_id,
  recipient text NOT NULL,
  template text NOT NULL,
  data_sealed bytea,
  status text NOT NULL DEFAULT 'pending'::text,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone NOT NULL DEFAULT now(),
  error text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  CONSTRAINT mails_check CHECK (((data_sealed IS NULL) OR (status = 'pending'::text))),
  CONSTRAINT mails_pkey PRIMARY KEY (id),
  CONSTRAINT mails_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text])))
);
CREATE INDEX mails_age ON public.mails USING btree (created_at);
CREATE INDEX mails_due ON public.mails USING btree (next_attempt_at) WHERE (status = 'pending'::text);
GRANT DELETE, INSERT, SELECT, UPDATE ON mails TO payos_app;
GRANT SELECT (attempts, created_at, error, finished_at, id, next_attempt_at, organization_id, recipient, status, template) ON mails TO payos_read;

CREATE TABLE members (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  account_id public_id NOT NULL,
  role_test text COLLATE "C",
  role_live text COLLATE "C",
  status text NOT NULL DEFAULT 'active'::text,
  invited_by public_id,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  disabled_at timestamp with time zone,
  sessions_valid_after timestamp with time zone,
  CONSTRAINT members_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT members_check CHECK (((role_test IS NOT NULL) OR (role_live IS NOT NULL))),
  CONSTRAINT members_organization_id_account_id_key UNIQUE (organization_id, account_id),
  CONSTRAINT members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT members_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT members_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
CREATE INDEX members_account ON public.members USING btree (account_id);
CREATE UNIQUE INDEX members_person ON public.members USING btree (organization_id, id, account_id);
GRANT INSERT, SELECT, UPDATE ON members TO payos_app;
GRANT SELECT ON members TO payos_read;

CREATE TABLE one_time_links (
  token_hash bytea NOT NULL,
  kind text NOT NULL,
  account_id public_id,
  organization_id public_id,
  email text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT one_time_links_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT one_time_links_kind_check CHECK ((kind = ANY (ARRAY['setup'::text, 'password_reset'::text, 'email_change'::text]))),
  CONSTRAINT one_time_links_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT one_time_links_pkey PRIMARY KEY (token_hash),
  CONSTRAINT one_time_links_token_hash_check CHECK ((octet_length(token_hash) = 32))
);
CREATE INDEX one_time_links_age ON public.one_time_links USING btree (created_at);
GRANT DELETE, INSERT, SELECT, UPDATE ON one_time_links TO payos_app;

CREATE TABLE organization_brandings (
  organization_id public_id NOT NULL,
  accent text,
  logo bytea,
  logo_type text,
  logo_hash text,
  support_url text,
  support_email text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT organization_brandings_accent_check CHECK ((accent ~ '^#[0-9a-f]{6}$'::text)),
  CONSTRAINT organization_brandings_check CHECK ((((logo IS NULL) = (logo_type IS NULL)) AND ((logo IS NULL) = (logo_hash IS NULL)))),
  CONSTRAINT organization_brandings_logo_check CHECK ((octet_length(logo) <= 102400)),
  CONSTRAINT organization_brandings_logo_type_check CHECK ((logo_type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text, 'image/webp'::text]))),
  CONSTRAINT organization_brandings_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT organization_brandings_pkey PRIMARY KEY (organization_id)
);
GRANT INSERT, SELECT, UPDATE ON organization_brandings TO payos_app;
GRANT SELECT ON organization_brandings TO payos_read;

CREATE TABLE organizations (
  id public_id NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT organizations_pkey PRIMARY KEY (id)
);
GRANT INSERT, SELECT, UPDATE ON organizations TO payos_app;
GRANT SELECT ON organizations TO payos_read;

CREATE TABLE passkeys (
  id public_id NOT NULL,
  account_id public_id NOT NULL,
  credential_id bytea NOT NULL,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  synced boolean NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_at timestamp with time zone,
  CONSTRAINT passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id),
  CONSTRAINT passkeys_pkey PRIMARY KEY (id)
);
CREATE INDEX passkeys_account ON public.passkeys USING btree (account_id);
GRANT DELETE, INSERT, SELECT, UPDATE ON passkeys TO payos_app;
GRANT SELECT (account_id, created_at, id, last_used_at, name, synced) ON passkeys TO payos_read;

CREATE TABLE password_reset_requests (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  email_key text COLLATE "C" NOT NULL,
  address inet,
  user_agent text,
  request_id text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT password_reset_requests_pkey PRIMARY KEY (id)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON password_reset_requests TO payos_app;

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
  -- Equal for equal cards, under a key of the vault; goes when the card goes
  fingerprint text,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  -- Whether the vault was asked for what has been shown of cards since there are fingerprints
  described boolean NOT NULL DEFAULT true,
  CONSTRAINT payment_methods_organization_id_customer_id_fkey FOREIGN KEY (organization_id, customer_id) REFERENCES customers(organization_id, id),
  CONSTRAINT payment_methods_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX payment_methods_brand ON public.payment_methods USING btree (organization_id, mode, ((card ->> 'brand'::text)), id) WHERE (deleted_at IS NULL);
CREATE INDEX payment_methods_customer ON public.payment_methods USING btree (customer_id);
CREATE INDEX payment_methods_fingerprint ON public.payment_methods USING btree (organization_id, mode, fingerprint, id) WHERE ((deleted_at IS NULL) AND (fingerprint IS NOT NULL));
CREATE INDEX payment_methods_last4 ON public.payment_methods USING btree (organization_id, mode, ((card ->> 'last4'::text)), id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX payment_methods_same_card ON public.payment_methods USING btree (organization_id, mode, customer_id, fingerprint) WHERE ((deleted_at IS NULL) AND (fingerprint IS NOT NULL));
CREATE INDEX payment_methods_undescribed ON public.payment_methods USING btree (created_at) WHERE ((NOT described) AND (deleted_at IS NULL));
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
  checkout_session_id public_id,
  save_fingerprint text,
  CONSTRAINT captured_within_amount CHECK (((amount_captured)::bigint <= (amount)::bigint)),
  CONSTRAINT payments_amount_check CHECK (((amount)::bigint > 0)),
  CONSTRAINT payments_capture_check CHECK ((capture = ANY (ARRAY['automatic'::text, 'manual'::text]))),
  CONSTRAINT payments_initiated_by_check CHECK ((initiated_by = ANY (ARRAY['customer'::text, 'merchant'::text]))),
  CONSTRAINT payments_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT payments_status_check CHECK ((status = ANY (ARRAY['processing'::text, 'requires_capture'::text, 'succeeded'::text, 'failed'::text, 'canceled'::text]))),
  CONSTRAINT refunded_within_captured CHECK ((((amount_refunded)::bigint + (amount_refund_pending)::bigint) <= (amount_captured)::bigint))
);
CREATE INDEX payments_amount ON public.payments USING btree (organization_id, mode, currency, amount, id DESC);
CREATE INDEX payments_customer ON public.payments USING btree (customer_id, organization_id, mode, id DESC) WHERE (customer_id IS NOT NULL);
CREATE INDEX payments_declined ON public.payments USING btree (decline_code, organization_id, mode, id DESC) WHERE (decline_code IS NOT NULL);
CREATE INDEX payments_failed ON public.payments USING btree (organization_id, mode, id DESC) WHERE ((decline_code IS NOT NULL) OR (failure IS NOT NULL));
CREATE INDEX payments_last4 ON public.payments USING btree (((card ->> 'last4'::text)), organization_id, mode, id DESC);
CREATE INDEX payments_list ON public.payments USING btree (organization_id, mode, id DESC);
CREATE INDEX payments_manual ON public.payments USING btree (organization_id, mode, id DESC) WHERE (capture = 'manual'::text);
CREATE INDEX payments_reference ON public.payments USING btree (organization_id, mode, lower(reference) COLLATE "C", id DESC) WHERE (reference IS NOT NULL);
CREATE INDEX payments_refunded ON public.payments USING btree (organization_id, mode, id DESC) WHERE ((amount_refunded)::bigint > 0);
CREATE INDEX payments_token ON public.payments USING btree (token_id);
CREATE INDEX payments_words ON public.payments USING gin (array_to_tsvector(search_words(((organization_id)::text || (mode)::text), description))) WHERE (description IS NOT NULL);
GRANT INSERT, SELECT, UPDATE ON payments TO payos_app;
GRANT SELECT ON payments TO payos_read;

CREATE TABLE recovery_codes (
  account_id public_id NOT NULL,
  number integer NOT NULL,
  hash text NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT recovery_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT recovery_codes_number_check CHECK (((number >= 0) AND (number <= 9))),
  CONSTRAINT recovery_codes_pkey PRIMARY KEY (account_id, number)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON recovery_codes TO payos_app;
GRANT SELECT (account_id, number, used_at) ON recovery_codes TO payos_read;

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
CREATE INDEX refunds_list ON public.refunds USING btree (organization_id, mode, id DESC);
CREATE INDEX refunds_payment ON public.refunds USING btree (payment_id);
CREATE INDEX refunds_unsuccessful ON public.refunds USING btree (organization_id, mode, id DESC) WHERE (status <> 'succeeded'::text);
GRANT INSERT, SELECT, UPDATE ON refunds TO payos_app;
GRANT SELECT ON refunds TO payos_read;

-- Former tokens of saved cards that the vault has not shredded yet
CREATE TABLE retired_tokens (
  organization_id public_id NOT NULL,
  token_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  payment_method_id public_id NOT NULL,
  retired_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT retired_tokens_pkey PRIMARY KEY (organization_id, token_id)
);
CREATE INDEX retired_tokens_due ON public.retired_tokens USING btree (retired_at);
GRANT DELETE, INSERT, SELECT ON retired_tokens TO payos_app;
GRANT SELECT ON retired_tokens TO payos_read;

CREATE TABLE reveal_keys (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  name text NOT NULL,
  public_key jsonb NOT NULL,
  thumbprint text NOT NULL,
  status text NOT NULL DEFAULT 'requested'::text,
  requested_by public_id NOT NULL,
  requested_by_account public_id NOT NULL,
  requested_at timestamp with time zone NOT NULL DEFAULT now(),
  decided_by public_id,
  decided_by_account public_id,
  decided_at timestamp with time zone,
  removed_by public_id,
  removed_at timestamp with time zone,
  CONSTRAINT reveal_keys_decided CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_by IS NULL) = (decided_by_account IS NULL)) AND ((status <> 'approved'::text) OR (decided_by IS NOT NULL)))),
  CONSTRAINT reveal_keys_organization_id_decided_by_decided_by_account_fkey FOREIGN KEY (organization_id, decided_by, decided_by_account) REFERENCES members(organization_id, id, account_id),
  CONSTRAINT reveal_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT reveal_keys_organization_id_removed_by_fkey FOREIGN KEY (organization_id, removed_by) REFERENCES members(organization_id, id),
  CONSTRAINT reveal_keys_organization_id_requested_by_requested_by_acco_fkey FOREIGN KEY (organization_id, requested_by, requested_by_account) REFERENCES members(organization_id, id, account_id),
  CONSTRAINT reveal_keys_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT reveal_keys_removed CHECK ((((status = 'removed'::text) = (removed_at IS NOT NULL)) AND ((removed_at IS NULL) = (removed_by IS NULL)))),
  CONSTRAINT reveal_keys_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'approved'::text, 'removed'::text]))),
  CONSTRAINT reveal_keys_thumbprint_check CHECK ((thumbprint ~ '^[A-Za-z0-9_-]{43}$'::text)),
  CONSTRAINT reveal_keys_two_people CHECK (((decided_by_account)::text <> (requested_by_account)::text))
);
CREATE UNIQUE INDEX reveal_keys_thumbprint ON public.reveal_keys USING btree (organization_id, mode, thumbprint) WHERE (status <> 'removed'::text);
CREATE TRIGGER reveal_key_step BEFORE INSERT OR UPDATE ON public.reveal_keys FOR EACH ROW EXECUTE FUNCTION reveal_key_step();
GRANT INSERT, SELECT ON reveal_keys TO payos_app;
GRANT UPDATE (decided_at, decided_by, decided_by_account, removed_at, removed_by, status) ON reveal_keys TO payos_app;
GRANT SELECT ON reveal_keys TO payos_read;

CREATE TABLE reveal_refusals (
  organization_id public_id NOT NULL,
  attestation_id public_id NOT NULL,
  key_id public_id NOT NULL,
  code text NOT NULL,
  address inet NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT reveal_refusals_organization_id_attestation_id_fkey FOREIGN KEY (organization_id, attestation_id) REFERENCES card_gate_attestations(organization_id, id)
);
CREATE INDEX reveal_refusals_old ON public.reveal_refusals USING btree (created_at);
CREATE INDEX reveal_refusals_recent ON public.reveal_refusals USING btree (organization_id, attestation_id, created_at);
GRANT DELETE, INSERT, SELECT ON reveal_refusals TO payos_app;
GRANT SELECT ON reveal_refusals TO payos_read;

CREATE TABLE reveals (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  token_id public_id NOT NULL,
  payment_method_id public_id,
  key_id public_id NOT NULL,
  recipient_id public_id NOT NULL,
  reason_code text NOT NULL,
  reason_text text NOT NULL,
  address inet NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT reveals_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT reveals_organization_id_key_id_fkey FOREIGN KEY (organization_id, key_id) REFERENCES api_keys(organization_id, id),
  CONSTRAINT reveals_organization_id_recipient_id_fkey FOREIGN KEY (organization_id, recipient_id) REFERENCES reveal_keys(organization_id, id),
  CONSTRAINT reveals_pkey PRIMARY KEY (organization_id, id)
);
CREATE INDEX reveals_recent ON public.reveals USING btree (organization_id, mode, created_at DESC);
GRANT INSERT, SELECT ON reveals TO payos_app;
GRANT SELECT ON reveals TO payos_read;

CREATE TABLE roles (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  name text NOT NULL,
  description text,
  permissions text[] NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT roles_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT roles_permissions_check CHECK ((cardinality(permissions) > 0)),
  CONSTRAINT roles_pkey PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX roles_name ON public.roles USING btree (organization_id, lower(name));
GRANT DELETE, INSERT, SELECT, UPDATE ON roles TO payos_app;
GRANT SELECT ON roles TO payos_read;

CREATE TABLE schema_migrations (
  number integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);
GRANT SELECT ON schema_migrations TO payos_read;

CREATE TABLE security_policies (
  organization_id public_id NOT NULL,
  allowed_factors text[] NOT NULL,
  idle_minutes integer NOT NULL,
  session_hours integer NOT NULL,
  email_domains text[] NOT NULL,
  ip_ranges text[] NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT security_policies_idle_minutes_check CHECK (((idle_minutes >= 1) AND (idle_minutes <= 15))),
  CONSTRAINT security_policies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id),
  CONSTRAINT security_policies_pkey PRIMARY KEY (organization_id),
  CONSTRAINT security_policies_session_hours_check CHECK (((session_hours >= 1) AND (session_hours <= 12)))
);
GRANT INSERT, SELECT, UPDATE ON security_policies TO payos_app;
GRANT SELECT ON security_policies TO payos_read;

CREATE TABLE sessions (
  id public_id NOT NULL,
  token_hash bytea NOT NULL,
  account_id public_id NOT NULL,
  organization_id public_id,
  state text NOT NULL,
  proofs text[] NOT NULL,
  factor text,
  factor_at timestamp with time zone,
  user_agent text,
  address inet,
  failed_attempts integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_at timestamp with time zone NOT NULL DEFAULT now(),
  ended_at timestamp with time zone,
  ended_reason text,
  CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT sessions_factor_check CHECK ((factor = ANY (ARRAY['passkey'::text, 'totp'::text]))),
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_state_check CHECK ((state = ANY (ARRAY['second_factor'::text, 'enrollment'::text, 'active'::text]))),
  CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32)),
  CONSTRAINT sessions_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX sessions_account ON public.sessions USING btree (account_id) WHERE (ended_at IS NULL);
CREATE INDEX sessions_age ON public.sessions USING btree (created_at);
GRANT DELETE, INSERT, SELECT, UPDATE ON sessions TO payos_app;
GRANT SELECT (account_id, address, created_at, ended_at, ended_reason, factor, factor_at, id, last_used_at, organization_id, proofs, state, user_agent) ON sessions TO payos_read;

CREATE TABLE signature_nonces (
  key_id public_id NOT NULL,
  nonce text COLLATE "C" NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT signature_nonces_pkey PRIMARY KEY (key_id, nonce)
);
CREATE INDEX signature_nonces_expiry ON public.signature_nonces USING btree (expires_at);
GRANT DELETE, INSERT, SELECT ON signature_nonces TO payos_app;
GRANT SELECT ON signature_nonces TO payos_read;

CREATE TABLE totp_factors (
  account_id public_id NOT NULL,
  secret_sealed bytea NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  failed_attempts integer NOT NULL DEFAULT 0,
  confirmed_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_at timestamp with time zone,
  CONSTRAINT totp_factors_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT totp_factors_pkey PRIMARY KEY (account_id)
);
GRANT DELETE, INSERT, SELECT, UPDATE ON totp_factors TO payos_app;
GRANT SELECT (account_id, confirmed_at, created_at, failed_attempts, last_used_at) ON totp_factors TO payos_read;

CREATE TABLE webauthn_challenges (
  challenge bytea NOT NULL,
  purpose text NOT NULL,
  account_id public_id,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT webauthn_challenges_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  CONSTRAINT webauthn_challenges_pkey PRIMARY KEY (challenge),
  CONSTRAINT webauthn_challenges_purpose_check CHECK ((purpose = ANY (ARRAY['sign_in'::text, 'enroll'::text, 'step_up'::text])))
);
CREATE INDEX webauthn_challenges_age ON public.webauthn_challenges USING btree (expires_at);
GRANT DELETE, INSERT, SELECT ON webauthn_challenges TO payos_app;

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
  event_rights text[] NOT NULL DEFAULT '{}'::text[],
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
