-- What was asked of the API, for the people who build on it: everything but successful reads, kept
-- for 30 days. Written in batches after the answer, so that no request waits for it; what the last
-- second held is lost when a process dies. Neither bodies nor anything a caller made up is in it.

CREATE TABLE api_requests (
  organization_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  id public_id NOT NULL,
  method text NOT NULL,
  -- With its `:id`; object_id is what stood there, or what the request made.
  route text NOT NULL,
  status integer NOT NULL,
  code text,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  address inet,
  duration_ms integer NOT NULL,
  -- About people and the organization as a whole: not for everybody who sees requests.
  wide boolean NOT NULL,
  object_id public_id,
  related_id public_id,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (organization_id, mode, id)
);
CREATE INDEX api_requests_object ON api_requests (object_id, id DESC)
  WHERE object_id IS NOT NULL;
CREATE INDEX api_requests_related ON api_requests (related_id, id DESC)
  WHERE related_id IS NOT NULL;
-- For filters by what is seldom: without these, a rare find means reading all that is kept.
CREATE INDEX api_requests_errors ON api_requests (organization_id, mode, id DESC)
  WHERE status >= 400;
CREATE INDEX api_requests_failures ON api_requests (organization_id, mode, id DESC)
  WHERE status >= 500;
CREATE INDEX api_requests_seldom ON api_requests (organization_id, mode, id DESC)
  WHERE method <> 'POST';
CREATE INDEX api_requests_age ON api_requests (created_at);

GRANT SELECT, INSERT, DELETE ON api_requests TO payos_app;
