-- Which events about people and rules an endpoint may have: the permissions beside events:read that
-- its maker held, or who named its events last. Endpoints of before get none of them.
ALTER TABLE webhook_endpoints ADD COLUMN event_rights text[] NOT NULL DEFAULT '{}';
