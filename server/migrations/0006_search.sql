-- Finding things: every filter of a list has a way that reads little more than what it answers.
-- None of it holds a column that changes when a payment succeeds, so that settling a payment
-- still touches no index.

-- Payments, for every one made: by last four digits, by exact amount, by token.
CREATE INDEX payments_last4 ON payments ((card ->> 'last4'), organization_id, mode, id DESC);
CREATE INDEX payments_amount ON payments (organization_id, mode, currency, amount, id DESC);
CREATE INDEX payments_token ON payments (token_id);
-- In place of the exact one: also finds the beginning of a reference.
DROP INDEX payments_reference;
CREATE INDEX payments_reference
  ON payments (organization_id, mode, lower(reference) text_pattern_ops, id DESC)
  WHERE reference IS NOT NULL;
-- And for those that are seldom.
CREATE INDEX payments_declined ON payments (decline_code, organization_id, mode, id DESC)
  WHERE decline_code IS NOT NULL;
CREATE INDEX payments_failed ON payments (organization_id, mode, id DESC)
  WHERE decline_code IS NOT NULL OR failure IS NOT NULL;
CREATE INDEX payments_manual ON payments (organization_id, mode, id DESC)
  WHERE capture = 'manual';

CREATE INDEX customers_list ON customers (organization_id, mode, id DESC);
CREATE INDEX customers_reference_prefix
  ON customers (organization_id, mode, lower(reference) text_pattern_ops)
  WHERE reference IS NOT NULL;
CREATE INDEX customers_email ON customers (organization_id, mode, lower(email) text_pattern_ops)
  WHERE email IS NOT NULL;
CREATE INDEX customers_name ON customers (organization_id, mode, lower(name) text_pattern_ops)
  WHERE name IS NOT NULL;

CREATE INDEX events_type ON events (organization_id, mode, type, xid DESC, id DESC);

-- The audit log. Its ids are numbers in the order of writing: time leads to them.
CREATE INDEX audit_log_time ON audit_log (created_at);
CREATE INDEX audit_log_actor ON audit_log (actor_id, id DESC);
CREATE INDEX audit_log_action ON audit_log (organization_id, action text_pattern_ops, id DESC)
  WHERE action NOT IN ('payment.create', 'payment.authorize.settle');
CREATE INDEX audit_log_people ON audit_log (organization_id, id DESC)
  WHERE actor_type <> 'api_key';
DROP INDEX audit_log_list;
CREATE INDEX audit_log_list ON audit_log (organization_id, mode, id DESC);
