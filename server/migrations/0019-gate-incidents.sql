-- What closes the card gate by itself, and the refused tries to read a card that count for it.

ALTER TABLE card_gate_attestations ADD COLUMN closed_cause text CHECK (closed_cause IN
  ('person', 'key_exposed', 'card_data_found', 'reveal_limits', 'reveal_refusals'));
-- Until now nobody else closed it.
UPDATE card_gate_attestations SET closed_cause = 'person' WHERE status = 'closed';
ALTER TABLE card_gate_attestations
  ADD CONSTRAINT card_gate_cause CHECK ((status = 'closed') = (closed_cause IS NOT NULL));
GRANT UPDATE (closed_cause) ON card_gate_attestations TO payos_app;

-- By a key that may read cards, while the gate was open. The attestation is the one that counted
-- then: whoever opens the gate again begins at nothing.
CREATE TABLE reveal_refusals (
  organization_id public_id NOT NULL,
  attestation_id public_id NOT NULL,
  key_id public_id NOT NULL,
  code text NOT NULL,
  address inet NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (organization_id, attestation_id)
    REFERENCES card_gate_attestations (organization_id, id)
);
CREATE INDEX reveal_refusals_recent ON reveal_refusals
  (organization_id, attestation_id, created_at);
CREATE INDEX reveal_refusals_old ON reveal_refusals (created_at);

GRANT SELECT, INSERT, DELETE ON reveal_refusals TO payos_app;
