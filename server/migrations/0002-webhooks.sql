-- Webhooks: where events go, what went there, and the two queues of what still has to.

CREATE TABLE webhook_endpoints (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  url text NOT NULL,
  events text[] NOT NULL CHECK (cardinality(events) > 0),
  description text,
  status text NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'disabled')),
  disabled_reason text,
  api_version text NOT NULL,
  -- Null once the endpoint is deleted: what is not there cannot leak.
  secret_sealed bytea,
  -- Since when every delivery has failed; null while they arrive.
  failing_since timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (organization_id, id),
  CHECK (secret_sealed IS NOT NULL OR deleted_at IS NOT NULL)
);
CREATE INDEX webhook_endpoints_live ON webhook_endpoints (organization_id, mode, id)
  WHERE deleted_at IS NULL;

-- One event on its way to one endpoint. No foreign key to the endpoint: the check would lock the
-- endpoint's row for every delivery, and endpoints are never removed.
CREATE TABLE webhook_deliveries (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  endpoint_id public_id NOT NULL,
  event_id public_id NOT NULL,
  event_type text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'succeeded', 'failed')),
  attempt_count integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (organization_id, id),
  CONSTRAINT webhook_deliveries_once UNIQUE (endpoint_id, event_id, organization_id)
) WITH (fillfactor = 80);
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (endpoint_id, id);

CREATE TABLE webhook_attempts (
  organization_id public_id NOT NULL,
  delivery_id public_id NOT NULL,
  number integer NOT NULL,
  started_at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  status integer,
  error text,
  response text CHECK (octet_length(response) <= 2048),
  PRIMARY KEY (organization_id, delivery_id, number)
);

-- A claim's generation is never used twice: whoever's lease ran out cannot settle what another
-- has claimed since, not even after the row was removed and put back.
CREATE SEQUENCE webhook_claims AS bigint CACHE 100;

-- First attempts. Read by endpoint, so that no endpoint's backlog stands in another's way. The
-- lease is in no index: claiming a row then changes nothing but the row's own page.
CREATE TABLE webhook_queue (
  organization_id public_id NOT NULL,
  endpoint_id public_id NOT NULL,
  delivery_id public_id NOT NULL,
  claim_generation bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  PRIMARY KEY (endpoint_id, delivery_id, organization_id)
) WITH (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 20000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0
);

-- Later attempts, apart, so that a long backlog of them never slows the first ones down.
CREATE TABLE webhook_retries (
  organization_id public_id NOT NULL,
  endpoint_id public_id NOT NULL,
  delivery_id public_id NOT NULL,
  due_at timestamptz NOT NULL,
  claim_generation bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  PRIMARY KEY (organization_id, delivery_id)
) WITH (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 20000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX webhook_retries_due ON webhook_retries (endpoint_id, due_at);

-- The last event that was turned into deliveries. Whoever holds the row's lock does the work.
CREATE TABLE webhook_cursor (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  xid xid8 NOT NULL,
  event_id public_id NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
INSERT INTO webhook_cursor (xid, event_id) VALUES ('0', '');

GRANT SELECT, INSERT, UPDATE ON webhook_endpoints, webhook_deliveries TO payos_app;
GRANT SELECT, INSERT ON webhook_attempts TO payos_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_queue, webhook_retries TO payos_app;
GRANT SELECT, UPDATE ON webhook_cursor TO payos_app;
GRANT USAGE ON SEQUENCE webhook_claims TO payos_app;
