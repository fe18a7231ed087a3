-- What looked like card numbers and was taken out of answers, webhooks, mails and logs: where and
-- how often, never what.

CREATE TABLE card_data_findings (
  id public_id PRIMARY KEY,
  -- Null: nobody knows whose it was, and the operator is told.
  organization_id public_id REFERENCES organizations (id),
  mode payment_mode,
  stream text NOT NULL CHECK (stream IN ('answer', 'webhook', 'mail', 'log')),
  place text NOT NULL CHECK (char_length(place) <= 200),
  found integer NOT NULL,
  -- Of them, since somebody was told last.
  untold integer NOT NULL,
  request_id text,
  first_at timestamptz NOT NULL DEFAULT now(),
  last_at timestamptz NOT NULL DEFAULT now(),
  told_at timestamptz,
  CONSTRAINT card_data_findings_whose CHECK ((organization_id IS NULL) = (mode IS NULL)),
  CONSTRAINT card_data_findings_cause
    UNIQUE NULLS NOT DISTINCT (organization_id, mode, stream, place)
);
CREATE INDEX card_data_findings_due ON card_data_findings (told_at) WHERE untold > 0;

GRANT SELECT, INSERT ON card_data_findings TO payos_app;
GRANT UPDATE (found, untold, request_id, last_at, told_at) ON card_data_findings TO payos_app;
