import { fieldFaults, type schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import { type AddressGuard, checkDestination } from '../egress/index.ts';
import { findPerson } from '../keys/index.ts';
import type { VaultClient } from '../vault-client/index.ts';
import { type DestinationRow, destinationColumns, toDestination } from './destination.ts';
import { refuseFields } from './refuse-fields.ts';
import { tellPeople } from './tell-people.ts';
import { tellVaultLater } from './tell-vault.ts';

/** Destinations of one organization in one mode that are active or may become so. */
const destinationsMax = 50;

const count = statement(
  'forward_destinations.count',
  `SELECT count(*)::integer AS count FROM forward_destinations
   WHERE organization_id = $1 AND mode = $2 AND status IN ('pending', 'active')`,
);
const insert = statement(
  'forward_destinations.insert',
  `INSERT INTO forward_destinations (organization_id, id, mode, name, url, content_type, fields,
     status, requested_by, requester_account)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${destinationColumns}`,
);

export type DestinationDependencies = {
  vault: VaultClient;
  guard: AddressGuard;
  sealer: Sealer;
};

/**
 * Names a place that cards may be sent to. In test mode, where there are test cards only, it counts
 * at once; in live mode a second person has to approve it.
 *
 * @throws ApiError `destination_url_refused`, `invalid_request`, `destination_limit_reached`
 */
export async function createDestination(
  ctx: ScopedContext,
  { vault, guard, sealer }: DestinationDependencies,
  input: schemas.CreateForwardDestination,
): Promise<schemas.ForwardDestination> {
  const url = baseUrl(input.url, guard);
  const { content_type, fields, name } = input;
  refuseFields(fieldFaults(content_type, fields));
  const { organization, mode } = ctx.scope;
  const id = newId('forwardDestination');
  const status = mode === 'live' ? 'pending' : 'active';
  const details = { url, content_type, fields, status };
  let made: DestinationRow | undefined;
  const answer = await mutate(
    ctx,
    {
      permission: 'forwarding:write',
      audit: () => ({ action: 'forward_destination.create', object: id, details }),
    },
    async (tx) => {
      // Holds the organization: nobody else names destinations meanwhile.
      const { member, account } = await findPerson(tx, ctx, ctx.scope, 'forwarding:write');
      const [counted] = await tx.query<{ count: number }>(count, [organization, mode]);
      if (counted === undefined || counted.count >= destinationsMax) {
        const detail = `There are ${destinationsMax} destinations in this mode already.`;
        throw new ApiError('destination_limit_reached', { detail });
      }
      const [inserted] = await tx.query<DestinationRow>(insert, [
        ...[organization, id, mode, name, url, content_type, JSON.stringify(fields)],
        ...[status, member, account],
      ]);
      if (inserted === undefined) throw new Error('the destination was not inserted');
      const data = toDestination(inserted);
      tx.event({ type: 'forward_destination.created', object: id, data });
      await tellPeople(tx, sealer, inserted, 'requested');
      made = inserted;
      return data;
    },
  );
  if (made?.status === 'active') await tellVaultLater(ctx, vault, made);
  return answer;
}

/** Scheme, host, port and path: what every request sent there begins with. */
function baseUrl(text: string, guard: AddressGuard): string {
  const checked = checkDestination(text, guard);
  const refuse = (detail: string) =>
    new ApiError('destination_url_refused', { detail, param: 'url' });
  if (!checked.ok) throw refuse(checked.why);
  if (checked.url.search !== '' || text.includes('?')) throw refuse('It must not have a query.');
  return checked.url.href;
}
