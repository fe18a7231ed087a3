-- What the table of BINs said of a card when it was collected, and cards that are sealed anew.
ALTER TABLE tokens
  ADD COLUMN funding text CHECK (funding IN ('credit', 'debit', 'prepaid')),
  ADD COLUMN country text CHECK (country ~ '^[A-Z]{2}$');
ALTER TABLE audit_log
  DROP CONSTRAINT audit_log_action_check,
  ADD CONSTRAINT audit_log_action_check CHECK (action IN (
    'token.create', 'token.keep', 'token.delete', 'token.expire', 'token.renew',
    'card.forward', 'card.forward.finish', 'card.shred',
    'key.rewrap', 'key.rotate', 'key.rotate.finish', 'key.retire', 'key.restore', 'key.destroy'
  ));
