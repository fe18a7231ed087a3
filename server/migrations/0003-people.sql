-- People: accounts with their factors, the organizations they belong to, and what they may do
-- there. An account stands outside every organization; what binds it to one is the member.

CREATE TABLE accounts (
  id public_id PRIMARY KEY,
  email text NOT NULL,
  -- The address as it is compared.
  email_key text COLLATE "C" NOT NULL UNIQUE,
  name text NOT NULL,
  -- argon2id in PHC form, with its parameters.
  password_hash text NOT NULL,
  -- The last passwords, so that none of them comes back (PCI DSS 8.3.7).
  previous_passwords text[] NOT NULL DEFAULT '{}' CHECK (cardinality(previous_passwords) <= 4),
  password_changed_at timestamptz NOT NULL DEFAULT now(),
  -- Wrong tries of any factor since the last right one. One row, so that no two tries at once count
  -- as one (PCI DSS 8.3.4).
  failed_attempts integer NOT NULL DEFAULT 0,
  locked_until timestamptz,
  -- Locked, and the worker has not told anybody yet. Not told by the try itself, whose time would
  -- tell that the account exists.
  lock_untold boolean NOT NULL DEFAULT false,
  -- Where the try came from that locked it.
  lock_address inet,
  lock_user_agent text,
  -- Until when a person without a factor may enrol one with the password alone (PCI DSS 8.5.1).
  enroll_until timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX accounts_lock_untold ON accounts (id) WHERE lock_untold;

CREATE TABLE passkeys (
  id public_id PRIMARY KEY,
  account_id public_id NOT NULL REFERENCES accounts (id),
  credential_id bytea NOT NULL UNIQUE,
  public_key bytea NOT NULL,
  counter bigint NOT NULL,
  transports text[] NOT NULL,
  synced boolean NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkeys_account ON passkeys (account_id);

CREATE TABLE totp_factors (
  account_id public_id PRIMARY KEY REFERENCES accounts (id),
  secret_sealed bytea NOT NULL,
  -- The step of the last code taken: a code works once (RFC 6238 §5.2).
  last_step bigint NOT NULL DEFAULT 0,
  -- Wrong codes since the last right one, counted on across locks: a hundred end the factor
  -- (NIST SP 800-63B 3.2.2).
  failed_attempts integer NOT NULL DEFAULT 0,
  -- Null until a code has shown that the device is set up.
  confirmed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);

CREATE TABLE recovery_codes (
  account_id public_id NOT NULL REFERENCES accounts (id),
  number integer NOT NULL CHECK (number BETWEEN 0 AND 9),
  hash text NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (account_id, number)
);

-- Open WebAuthn ceremonies. A challenge is deleted when it is answered.
CREATE TABLE webauthn_challenges (
  challenge bytea PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('sign_in', 'enroll', 'step_up')),
  account_id public_id REFERENCES accounts (id),
  expires_at timestamptz NOT NULL
);
CREATE INDEX webauthn_challenges_age ON webauthn_challenges (expires_at);

CREATE TABLE sessions (
  id public_id PRIMARY KEY,
  -- SHA-256 of the cookie. Every step of a sign-in replaces it.
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  account_id public_id NOT NULL REFERENCES accounts (id),
  organization_id public_id,
  state text NOT NULL CHECK (state IN ('second_factor', 'enrollment', 'active')),
  proofs text[] NOT NULL,
  -- The last factor that was given, and when. A recovery code is none: it lets in to enrol one.
  factor text CHECK (factor IN ('passkey', 'totp')),
  factor_at timestamptz,
  user_agent text,
  address inet,
  -- Wrong tries at proving oneself again, counted beside those of the account: nobody outside can
  -- lock a signed-in person out of what asks for a factor.
  failed_attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  ended_reason text
);
CREATE INDEX sessions_account ON sessions (account_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_age ON sessions (created_at);

-- Links that work once: set-up, password reset, change of email.
CREATE TABLE one_time_links (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  kind text NOT NULL CHECK (kind IN ('setup', 'password_reset', 'email_change')),
  account_id public_id REFERENCES accounts (id),
  organization_id public_id REFERENCES organizations (id),
  email text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX one_time_links_age ON one_time_links (created_at);

-- Somebody asked for a link to choose a new password, for whatever address. The worker finds out
-- whether there is an account, so that the answer cannot tell.
CREATE TABLE password_reset_requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email_key text COLLATE "C" NOT NULL,
  address inet,
  user_agent text,
  request_id text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE members (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  account_id public_id NOT NULL REFERENCES accounts (id),
  role_test text COLLATE "C",
  role_live text COLLATE "C",
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  invited_by public_id,
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz,
  -- Sessions begun before this do not work here any more, also those that work elsewhere now.
  sessions_valid_after timestamptz,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, account_id),
  CHECK (role_test IS NOT NULL OR role_live IS NOT NULL)
);
CREATE INDEX members_account ON members (account_id);

CREATE TABLE roles (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  name text NOT NULL,
  description text,
  permissions text[] NOT NULL CHECK (cardinality(permissions) > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX roles_name ON roles (organization_id, lower(name));

CREATE TABLE invitations (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  email text NOT NULL,
  email_key text COLLATE "C" NOT NULL,
  role_test text COLLATE "C",
  role_live text COLLATE "C",
  invited_by public_id NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  mailed boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (organization_id, id),
  CHECK (role_test IS NOT NULL OR role_live IS NOT NULL)
);
CREATE INDEX invitations_email ON invitations (organization_id, email_key)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;

-- A person who lost every factor asks in each organization they belong to; all have to agree, so
-- that nobody gets into one organization by the word of another.
CREATE TABLE factor_resets (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  account_id public_id NOT NULL REFERENCES accounts (id),
  member_id public_id NOT NULL,
  reason text NOT NULL,
  address inet,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'refused')),
  decided_by public_id,
  created_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz,
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX factor_resets_open ON factor_resets (account_id, organization_id)
  WHERE status = 'pending';

CREATE TABLE security_policies (
  organization_id public_id PRIMARY KEY REFERENCES organizations (id),
  allowed_factors text[] NOT NULL,
  idle_minutes integer NOT NULL CHECK (idle_minutes BETWEEN 1 AND 15),
  session_hours integer NOT NULL CHECK (session_hours BETWEEN 1 AND 12),
  email_domains text[] NOT NULL,
  ip_ranges text[] NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Whose key it is; null for keys minted on the machine itself.
ALTER TABLE api_keys ADD COLUMN owner_id public_id;
CREATE INDEX api_keys_owner ON api_keys (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX audit_log_list ON audit_log (organization_id, id DESC);

-- Rights. What opens an account is not for the role that only reads.
GRANT SELECT, INSERT, UPDATE ON accounts, passkeys, totp_factors, recovery_codes, sessions,
  one_time_links, members, roles, invitations, factor_resets, security_policies TO payos_app;
GRANT SELECT, INSERT, DELETE ON webauthn_challenges TO payos_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON password_reset_requests TO payos_app;
GRANT DELETE ON passkeys, totp_factors, recovery_codes, sessions, one_time_links, roles
  TO payos_app;
REVOKE SELECT ON accounts, passkeys, totp_factors, recovery_codes, webauthn_challenges, sessions,
  one_time_links, password_reset_requests, invitations FROM payos_read;
GRANT SELECT (id, email, email_key, name, password_changed_at, failed_attempts, locked_until,
  enroll_until, created_at) ON accounts TO payos_read;
GRANT SELECT (id, account_id, synced, name, created_at, last_used_at) ON passkeys TO payos_read;
GRANT SELECT (account_id, failed_attempts, confirmed_at, created_at, last_used_at)
  ON totp_factors TO payos_read;
GRANT SELECT (account_id, number, used_at) ON recovery_codes TO payos_read;
GRANT SELECT (id, account_id, organization_id, state, proofs, factor, factor_at, user_agent,
  address, created_at, last_used_at, ended_at, ended_reason) ON sessions TO payos_read;
GRANT SELECT (organization_id, id, email, email_key, role_test, role_live, invited_by, mailed,
  created_at, expires_at, accepted_at, revoked_at) ON invitations TO payos_read;
