-- A removal that comes before what it removes is kept: what comes later changes nothing.

ALTER TABLE forward_destinations
  ALTER url DROP NOT NULL,
  ALTER content_type DROP NOT NULL,
  ALTER fields DROP NOT NULL,
  ALTER requested_by DROP NOT NULL,
  ALTER added_at DROP NOT NULL,
  ALTER added_by DROP NOT NULL,
  ALTER added_request DROP NOT NULL,
  DROP CONSTRAINT two_people,
  ADD CONSTRAINT two_people CHECK (mode = 'test' OR approved_by IS NOT NULL OR added_by IS NULL),
  ADD CONSTRAINT whole_unless_removed CHECK (removed_at IS NOT NULL
    OR num_nulls(url, content_type, fields, requested_by, added_at, added_by, added_request) = 0);
