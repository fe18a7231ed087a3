-- A token that was made on a checkout page pays the session of that page and nothing else.
ALTER TABLE tokens
  ADD COLUMN made_with text CHECK (made_with IN ('secret', 'publishable', 'checkout_session')),
  ADD COLUMN checkout_session text CHECK (checkout_session ~ '^cs_[1-9A-HJ-NP-Za-km-z]{22}$'),
  ADD CONSTRAINT tokens_made_on_page_check
    CHECK ((checkout_session IS NOT NULL) = (made_with IS NOT DISTINCT FROM 'checkout_session'));
COMMENT ON COLUMN tokens.made_with IS
  'What the caller showed; null for a token from before this was written down, and a renewed card';
COMMENT ON COLUMN tokens.checkout_session IS 'On whose page it was made: it pays nothing else';
