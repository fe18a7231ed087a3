-- What a rotation hands on to the successor besides rights.

ALTER TABLE api_keys
  -- The first key of the chain: what all of them ask for in a day counts as its. Null: it is first.
  ADD COLUMN spending_key_id public_id,
  -- Made by the key itself, not by people: whoever had its predecessor may have it.
  ADD COLUMN rolled_by_self boolean NOT NULL DEFAULT false;

WITH RECURSIVE chains AS (
  SELECT organization_id, id, id AS first FROM api_keys WHERE predecessor_id IS NULL
  UNION ALL
  SELECT k.organization_id, k.id, c.first FROM api_keys k
    JOIN chains c ON k.organization_id = c.organization_id AND k.predecessor_id = c.id)
UPDATE api_keys k SET spending_key_id = c.first FROM chains c
  WHERE k.organization_id = c.organization_id AND k.id = c.id AND c.first <> c.id;
