-- Where cards of merchants may be sent. The vault's own list: at the time of sending it looks at
-- nothing else. A row is written once; all that can change is that it comes to its end.
CREATE TABLE forward_destinations (
  id text PRIMARY KEY,
  organization_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('test', 'live')),
  url text NOT NULL CHECK (url LIKE 'https://%/%'),
  content_type text NOT NULL
    CHECK (content_type IN ('application/json', 'application/x-www-form-urlencoded')),
  fields jsonb NOT NULL,
  requested_by text NOT NULL,
  approved_by text,
  added_at timestamptz NOT NULL DEFAULT now(),
  added_by text NOT NULL,
  added_request text NOT NULL,
  removed_at timestamptz,
  removed_by text,
  removed_request text,
  -- Nobody sends real cards anywhere on their own word.
  CONSTRAINT two_people CHECK (mode = 'test' OR approved_by IS NOT NULL),
  CONSTRAINT not_the_same CHECK (approved_by <> requested_by)
);
COMMENT ON TABLE forward_destinations IS 'Where cards of merchants may be sent; rows stay';
COMMENT ON COLUMN forward_destinations.requested_by IS 'Account of the person who named it';
COMMENT ON COLUMN forward_destinations.added_by IS 'The process that told the vault';

GRANT SELECT, INSERT ON forward_destinations TO payos_vault_app;
GRANT UPDATE (removed_at, removed_by, removed_request) ON forward_destinations TO payos_vault_app;
