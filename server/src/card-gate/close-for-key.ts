import { type OnExposed, touchesCards } from '../keys/index.ts';
import { closeOnIncident } from './close-gate.ts';
import type { CardGateDependencies } from './dependencies.ts';

/**
 * Closes the gate of a key's organization and mode when the key was seen where no secret may be and
 * could read cards or bring them, within the transaction that marks it. Only who has the whole key
 * can bring that about, and whoever has it can do worse; keys that have ended, keys without these
 * permissions and publishable keys close nothing. Whoever told of it is answered when it is closed
 * everywhere.
 */
export function closeForKeys({ sealer, propagating }: CardGateDependencies): OnExposed {
  return async (tx, key, how) => {
    if (!touchesCards(key.permissions)) return undefined;
    const scope = { organization: key.organization_id, mode: key.mode };
    const reason = `The API key ${key.id} was seen where no secret may be (${how}).`;
    const closed = await closeOnIncident(tx, sealer, scope, { cause: 'key_exposed', reason });
    if (closed === undefined) return undefined;
    const onceCommitted = async () => {
      await propagating.awaitPropagation(closed.announced);
    };
    return { notes: closed.notes, onceCommitted };
  };
}
