-- Where cards may be sent on a merchant's word. A row is never changed but for its status: another
-- URL is another destination, to be approved anew.
CREATE TABLE forward_destinations (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  content_type text NOT NULL
    CHECK (content_type IN ('application/json', 'application/x-www-form-urlencoded')),
  fields jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'active', 'refused', 'removed')),
  requested_by public_id NOT NULL,
  requester_account public_id NOT NULL,
  decided_by public_id,
  decider_account public_id,
  created_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz,
  removed_at timestamptz,
  -- When the vault, which keeps a list of its own, heard that it is active, or no longer.
  vault_told_at timestamptz,
  PRIMARY KEY (organization_id, id),
  CONSTRAINT forward_destinations_two_people
    CHECK (mode = 'test' OR status <> 'active' OR decider_account IS NOT NULL),
  -- By account: whoever left and came back under another membership is the same person.
  CONSTRAINT forward_destinations_not_the_same CHECK (decider_account <> requester_account)
);
CREATE INDEX forward_destinations_untold ON forward_destinations (removed_at)
  WHERE status = 'removed' AND vault_told_at IS NULL;

CREATE TABLE forwards (
  organization_id public_id NOT NULL,
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  destination_id public_id NOT NULL,
  token_id public_id,
  payment_method_id public_id,
  idempotency_key text COLLATE "C" NOT NULL,
  body_hash bytea NOT NULL,
  status text NOT NULL DEFAULT 'sending'
    CHECK (status IN ('sending', 'answered', 'not_sent', 'unknown')),
  method text NOT NULL,
  url text NOT NULL,
  -- As the merchant wrote it: placeholders, never a card. Both go after 30 days.
  request json,
  response json,
  response_status smallint,
  failure text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  emptied_at timestamptz,
  PRIMARY KEY (organization_id, id),
  -- One call per key, ever: the row stays when its contents are gone.
  CONSTRAINT forwards_once UNIQUE (organization_id, mode, idempotency_key),
  FOREIGN KEY (organization_id, destination_id)
    REFERENCES forward_destinations (organization_id, id),
  CHECK ((status = 'sending') = (finished_at IS NULL))
);
CREATE INDEX forwards_open ON forwards (created_at) WHERE status = 'sending';
CREATE INDEX forwards_full ON forwards (created_at) WHERE emptied_at IS NULL;

-- How many were forwarded in the hour that began then.
CREATE TABLE forward_counts (
  organization_id public_id NOT NULL,
  mode payment_mode NOT NULL,
  hour timestamptz NOT NULL,
  count integer NOT NULL,
  PRIMARY KEY (organization_id, mode)
);

GRANT SELECT, INSERT, UPDATE ON forward_destinations, forwards, forward_counts TO payos_app;
