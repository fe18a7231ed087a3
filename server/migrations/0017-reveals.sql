-- Public keys that cards are sealed to, and every card that was handed out.

CREATE TABLE reveal_keys (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  name text NOT NULL,
  public_key jsonb NOT NULL,
  -- RFC 7638, SHA-256, base64url.
  thumbprint text NOT NULL CHECK (thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
  status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'approved', 'removed')),
  requested_by public_id NOT NULL,
  requested_by_account public_id NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  decided_by public_id,
  decided_by_account public_id,
  decided_at timestamptz,
  removed_by public_id,
  removed_at timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, requested_by, requested_by_account)
    REFERENCES members (organization_id, id, account_id),
  FOREIGN KEY (organization_id, decided_by, decided_by_account)
    REFERENCES members (organization_id, id, account_id),
  FOREIGN KEY (organization_id, removed_by) REFERENCES members (organization_id, id),
  CONSTRAINT reveal_keys_decided CHECK (
    (decided_by IS NULL) = (decided_at IS NULL)
    AND (decided_by IS NULL) = (decided_by_account IS NULL)
    AND (status <> 'approved' OR decided_by IS NOT NULL)),
  CONSTRAINT reveal_keys_removed CHECK (
    (status = 'removed') = (removed_at IS NOT NULL)
    AND (removed_at IS NULL) = (removed_by IS NULL)),
  CONSTRAINT reveal_keys_two_people CHECK (decided_by_account <> requested_by_account)
);
CREATE UNIQUE INDEX reveal_keys_thumbprint ON reveal_keys (organization_id, mode, thumbprint)
  WHERE status <> 'removed';

CREATE FUNCTION reveal_key_step() RETURNS trigger LANGUAGE plpgsql AS $$
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
$$;
CREATE TRIGGER reveal_key_step BEFORE INSERT OR UPDATE ON reveal_keys
  FOR EACH ROW EXECUTE FUNCTION reveal_key_step();

-- Written before a sealed card leaves the vault; never changed.
CREATE TABLE reveals (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  token_id public_id NOT NULL,
  payment_method_id public_id,
  key_id public_id NOT NULL,
  recipient_id public_id NOT NULL,
  reason_code text NOT NULL,
  reason_text text NOT NULL,
  address inet NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, key_id) REFERENCES api_keys (organization_id, id),
  FOREIGN KEY (organization_id, recipient_id) REFERENCES reveal_keys (organization_id, id)
);
CREATE INDEX reveals_recent ON reveals (organization_id, mode, created_at DESC);

GRANT SELECT, INSERT ON reveal_keys, reveals TO payos_app;
GRANT UPDATE (status, decided_by, decided_by_account, decided_at, removed_by, removed_at)
  ON reveal_keys TO payos_app;
