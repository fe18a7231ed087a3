import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { findPerson } from '../keys/index.ts';
import type { DestinationDependencies } from './create-destination.ts';
import {
  type DestinationRow,
  destinationColumns,
  destinationKey,
  noDestination,
  toDestination,
} from './destination.ts';
import { tellPeople } from './tell-people.ts';
import { tellVaultLater } from './tell-vault.ts';

const select = statement(
  'forward_destinations.hold',
  `SELECT ${destinationColumns} FROM forward_destinations
   WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR UPDATE`,
);
const update = statement(
  'forward_destinations.decide',
  `UPDATE forward_destinations
   SET status = $4, decided_by = $5, decider_account = $6, decided_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status = 'pending'
   RETURNING ${destinationColumns}`,
);

type Decision = 'approved' | 'refused';

/**
 * A second person decides whether cards may be sent there.
 *
 * @throws ApiError `not_found`, `own_request`, `decided_already`
 */
export async function decideDestination(
  ctx: ScopedContext,
  { vault, sealer }: Pick<DestinationDependencies, 'vault' | 'sealer'>,
  id: string,
  decision: Decision,
): Promise<schemas.ForwardDestination> {
  let decided: DestinationRow | undefined;
  const note = (row: DestinationRow) => {
    decided = row;
  };
  const answer = await decide(ctx, sealer, id, decision, note).catch((error: unknown) => {
    // The database itself holds that two people are needed.
    if (violates(error as Error, 'forward_destinations_not_the_same')) {
      throw new ApiError('own_request');
    }
    throw error;
  });
  if (decided?.status === 'active') await tellVaultLater(ctx, vault, decided);
  return answer;
}

function decide(
  ctx: ScopedContext,
  sealer: Sealer,
  id: string,
  decision: Decision,
  note: (row: DestinationRow) => void,
): Promise<schemas.ForwardDestination> {
  const verb = decision === 'approved' ? 'approve' : 'refuse';
  return mutate(
    ctx,
    {
      permission: 'forwarding:approve',
      audit: ({ url, requested_by }) => ({
        action: `forward_destination.${verb}`,
        object: id,
        details: { url, requested_by },
      }),
    },
    async (tx) => {
      const { member, account } = await findPerson(tx, ctx, ctx.scope, 'forwarding:approve');
      const [held] = await tx.query<DestinationRow>(select, destinationKey(ctx, id));
      if (held === undefined) throw noDestination();
      if (held.status !== 'pending') throw new ApiError('decided_already');
      const status = decision === 'approved' ? 'active' : 'refused';
      const values = [...destinationKey(ctx, id), status, member, account];
      const [row] = await tx.query<DestinationRow>(update, values);
      if (row === undefined) throw new Error('a held destination vanished');
      const data = toDestination(row);
      tx.event({ type: `forward_destination.${decision}`, object: id, data });
      if (decision === 'approved') await tellPeople(tx, sealer, row, decision);
      note(row);
      return data;
    },
  );
}
