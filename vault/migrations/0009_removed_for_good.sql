-- A destination that was removed stays so, whoever asks, the owner of the table included.
CREATE TRIGGER forward_destinations_end_once BEFORE UPDATE ON forward_destinations
  FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
