-- Mails on their way. A row is written in the transaction of the change it tells of; the worker
-- sends it. What it says is sealed, because links in it open accounts, and wiped once it is sent.

CREATE TABLE mails (
  id public_id PRIMARY KEY,
  -- Null where no organization matters.
  organization_id public_id,
  recipient text NOT NULL,
  template text NOT NULL,
  data_sealed bytea,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  -- While a worker is at it, when its lease ends.
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK (data_sealed IS NULL OR status = 'pending')
);
CREATE INDEX mails_due ON mails (next_attempt_at) WHERE status = 'pending';
CREATE INDEX mails_age ON mails (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON mails TO payos_app;
REVOKE SELECT ON mails FROM payos_read;
GRANT SELECT (id, organization_id, recipient, template, status, attempts, next_attempt_at, error,
  created_at, finished_at) ON mails TO payos_read;
