-- Finding things: every filter of a list has a way that reads little more than what it answers.
-- No index holds a column that changes when a payment succeeds, so that settling a payment still
-- touches none of them.

-- The words of a text, each behind whose they are: one index for all organizations, and no search
-- reads what belongs to another.
CREATE FUNCTION search_words(owner text, words text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
  SELECT coalesce(array_agg(DISTINCT owner || left(lower(word), 60)), '{}')
  FROM regexp_split_to_table(left(words, 500), '[^[:alnum:]]+') AS word WHERE word <> ''
$$;
-- All of the words, the last of which may have only begun.
CREATE FUNCTION search_query(owner text, words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (string_agg(quote_literal(owner || left(lower(word), 60)), ' & ' ORDER BY place) || ':*')
    ::tsquery
  FROM regexp_split_to_table(left(words, 500), '[^[:alnum:]]+') WITH ORDINALITY
    AS part (word, place)
  WHERE word <> ''
$$;

-- Payments, for every one made: by last four digits, by amount, by token.
CREATE INDEX payments_last4 ON payments ((card ->> 'last4'), organization_id, mode, id DESC);
CREATE INDEX payments_amount ON payments (organization_id, mode, currency, amount, id DESC);
CREATE INDEX payments_token ON payments (token_id);
-- For those with a reference, in place of the exact index: it also finds the beginning of one.
DROP INDEX payments_reference;
CREATE INDEX payments_reference
  ON payments (organization_id, mode, (lower(reference) COLLATE "C"), id DESC)
  WHERE reference IS NOT NULL;
-- For those with a customer: with all that a list asks for, so that it is taken before the first
-- ANALYZE.
DROP INDEX payments_customer;
CREATE INDEX payments_customer ON payments (customer_id, organization_id, mode, id DESC)
  WHERE customer_id IS NOT NULL;
-- For those with a description.
CREATE INDEX payments_words
  ON payments USING gin (array_to_tsvector(search_words(organization_id || mode, description)))
  WHERE description IS NOT NULL;
-- And for those that are seldom.
CREATE INDEX payments_declined ON payments (decline_code, organization_id, mode, id DESC)
  WHERE decline_code IS NOT NULL;
CREATE INDEX payments_failed ON payments (organization_id, mode, id DESC)
  WHERE decline_code IS NOT NULL OR failure IS NOT NULL;
CREATE INDEX payments_manual ON payments (organization_id, mode, id DESC)
  WHERE capture = 'manual';
CREATE INDEX payments_refunded ON payments (organization_id, mode, id DESC)
  WHERE amount_refunded > 0;

CREATE INDEX refunds_list ON refunds (organization_id, mode, id DESC);
CREATE INDEX refunds_unsuccessful ON refunds (organization_id, mode, id DESC)
  WHERE status <> 'succeeded';

CREATE INDEX customers_list ON customers (organization_id, mode, id DESC);
CREATE INDEX customers_reference_prefix
  ON customers (organization_id, mode, (lower(reference) COLLATE "C"))
  WHERE reference IS NOT NULL;
CREATE INDEX customers_email ON customers (organization_id, mode, (lower(email) COLLATE "C"))
  WHERE email IS NOT NULL;
CREATE INDEX customers_words
  ON customers USING gin (array_to_tsvector(search_words(organization_id || mode, name)))
  WHERE name IS NOT NULL;

CREATE INDEX events_seldom ON events (organization_id, mode, type, xid DESC, id DESC)
  WHERE type <> 'payment.succeeded';

-- The audit log. Its ids are numbers in the order of writing: time leads to them.
CREATE INDEX audit_log_time ON audit_log (created_at);
CREATE INDEX audit_log_actor ON audit_log (actor_id, id DESC);
CREATE INDEX audit_log_action ON audit_log (organization_id, action text_pattern_ops, id DESC)
  WHERE action NOT IN ('payment.create', 'payment.authorize.settle');
CREATE INDEX audit_log_people ON audit_log (organization_id, id DESC)
  WHERE actor_type <> 'api_key';
DROP INDEX audit_log_list;
CREATE INDEX audit_log_list ON audit_log (organization_id, mode, id DESC);
