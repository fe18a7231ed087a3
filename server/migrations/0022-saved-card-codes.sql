-- Whether the page of a session asks for the security code of a saved card. Those that are open do
-- not, because their page may have been loaded before; from now on it does unless told otherwise.
ALTER TABLE checkout_sessions
  ADD COLUMN saved_card_code text NOT NULL DEFAULT 'off'
    CHECK (saved_card_code IN ('required', 'off'));
ALTER TABLE checkout_sessions ALTER COLUMN saved_card_code SET DEFAULT 'required';
