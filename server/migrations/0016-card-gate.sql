-- The card gate: whether card numbers may come from servers in live mode, and be read again. Open
-- only while an attestation counts that one person asked for and another approved.

-- Who decided is compared by account: a person is one, whatever they are in an organization.
CREATE UNIQUE INDEX members_person ON members (organization_id, id, account_id);

CREATE TABLE card_gate_attestations (
  organization_id public_id NOT NULL REFERENCES organizations (id),
  id public_id NOT NULL,
  mode payment_mode NOT NULL,
  level text NOT NULL CHECK (level IN ('saq_d_merchant', 'saq_d_service_provider',
    'roc_merchant', 'roc_service_provider')),
  assessor text NOT NULL,
  -- The document stays with the merchant.
  document_sha256 text NOT NULL CHECK (document_sha256 ~ '^[0-9a-f]{64}$'),
  valid_from timestamptz NOT NULL,
  valid_until timestamptz NOT NULL,
  raw_cards boolean NOT NULL,
  reveal boolean NOT NULL,
  key_per_hour integer NOT NULL CHECK (key_per_hour BETWEEN 1 AND 1000),
  key_per_day integer NOT NULL CHECK (key_per_day BETWEEN 1 AND 5000),
  all_per_hour integer NOT NULL CHECK (all_per_hour BETWEEN 1 AND 1000),
  all_per_day integer NOT NULL CHECK (all_per_day BETWEEN 1 AND 5000),
  status text NOT NULL DEFAULT 'requested'
    CHECK (status IN ('requested', 'approved', 'rejected', 'closed')),
  requested_by public_id NOT NULL,
  requested_by_account public_id NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  decided_by public_id,
  decided_by_account public_id,
  decided_at timestamptz,
  -- From when a later one counts in its place.
  replaced_at timestamptz,
  closed_by text,
  closed_at timestamptz,
  closed_reason text,
  -- The worker has told of its end.
  end_told_at timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, requested_by, requested_by_account)
    REFERENCES members (organization_id, id, account_id),
  FOREIGN KEY (organization_id, decided_by, decided_by_account)
    REFERENCES members (organization_id, id, account_id),
  CONSTRAINT card_gate_scope CHECK (raw_cards OR reveal),
  CONSTRAINT card_gate_year CHECK (
    valid_until > valid_from AND valid_until <= valid_from + interval '8784 hours'),
  CONSTRAINT card_gate_decided CHECK (
    (decided_by IS NULL) = (decided_at IS NULL)
    AND (decided_by IS NULL) = (decided_by_account IS NULL)
    AND (status NOT IN ('approved', 'rejected') OR decided_by IS NOT NULL)),
  CONSTRAINT card_gate_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
  -- Nobody approves what they asked for. A closed one that was never decided has no approver.
  CONSTRAINT card_gate_two_people CHECK (
    status = 'rejected' OR decided_by_account <> requested_by_account)
);
CREATE INDEX card_gate_approved ON card_gate_attestations (organization_id, mode)
  WHERE status = 'approved';
CREATE UNIQUE INDEX card_gate_one_request ON card_gate_attestations (organization_id, mode)
  WHERE status = 'requested';
CREATE INDEX card_gate_ends ON card_gate_attestations (valid_until)
  WHERE status = 'approved' AND end_told_at IS NULL;

-- What was asked for is what is approved, and what ended stays so.
CREATE FUNCTION card_gate_step() RETURNS trigger LANGUAGE plpgsql AS $$
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
$$;
CREATE TRIGGER card_gate_step BEFORE INSERT OR UPDATE ON card_gate_attestations
  FOR EACH ROW EXECUTE FUNCTION card_gate_step();

-- Reminders that were sent, so that each is sent once.
CREATE TABLE card_gate_reminders (
  organization_id public_id NOT NULL,
  attestation_id public_id NOT NULL,
  days integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, attestation_id, days),
  FOREIGN KEY (organization_id, attestation_id)
    REFERENCES card_gate_attestations (organization_id, id)
);

GRANT SELECT, INSERT ON card_gate_attestations, card_gate_reminders TO payos_app;
GRANT UPDATE (status, decided_by, decided_by_account, decided_at, replaced_at, closed_by,
  closed_at, closed_reason, end_told_at) ON card_gate_attestations TO payos_app;
