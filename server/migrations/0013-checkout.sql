-- Hosted checkout: what a merchant asks a visitor to pay, and how the merchant's page looks.

CREATE TABLE checkout_sessions (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'complete', 'expired')),
  amount minor_units NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  reference text NOT NULL,
  description text,
  return_url text NOT NULL,
  cancel_url text NOT NULL,
  customer_id public_id,
  save_payment_method boolean NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  -- Whose caps count when it is paid. Null: a person made it.
  key_id public_id,
  -- The payment under way, or the one that was made: while there is one, no other can begin.
  payment_id public_id,
  tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
  -- Why the last try came to nothing.
  problem text,
  expires_at timestamptz NOT NULL,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT complete_by_payment CHECK (status <> 'complete' OR payment_id IS NOT NULL),
  CONSTRAINT expired_without_payment CHECK (status <> 'expired' OR payment_id IS NULL),
  CONSTRAINT saved_for_somebody CHECK (NOT save_payment_method OR customer_id IS NOT NULL)
);
CREATE INDEX checkout_sessions_list ON checkout_sessions (organization_id, mode, id DESC);
CREATE INDEX checkout_sessions_open ON checkout_sessions (expires_at)
  WHERE status = 'open' AND payment_id IS NULL;

-- Beside the sessions, so that the role that only reads never meets what opens one.
CREATE TABLE checkout_secrets (
  session_id public_id PRIMARY KEY,
  organization_id public_id NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  FOREIGN KEY (organization_id, session_id) REFERENCES checkout_sessions (organization_id, id)
);

ALTER TABLE payments ADD COLUMN checkout_session_id public_id;

CREATE TABLE organization_brandings (
  organization_id public_id PRIMARY KEY REFERENCES organizations (id),
  accent text CHECK (accent ~ '^#[0-9a-f]{6}$'),
  logo bytea CHECK (octet_length(logo) <= 102400),
  logo_type text CHECK (logo_type IN ('image/png', 'image/jpeg', 'image/webp')),
  -- Hexadecimal SHA-256: the name under which it is served.
  logo_hash text,
  support_url text,
  support_email text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((logo IS NULL) = (logo_type IS NULL) AND (logo IS NULL) = (logo_hash IS NULL))
);

-- What is asked for and where the visitor is sent afterwards is written once.
GRANT SELECT, INSERT ON checkout_sessions, checkout_secrets TO payos_app;
GRANT UPDATE (status, payment_id, tries, problem, completed_at, updated_at) ON checkout_sessions
  TO payos_app;
GRANT SELECT, INSERT, UPDATE ON organization_brandings TO payos_app;
REVOKE SELECT ON checkout_secrets FROM payos_read;
