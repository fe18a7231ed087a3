import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { activeStandings, mayManage, type Standing } from './standing.ts';

type Row = Omit<schemas.FactorReset, 'object' | 'member'> & { member_id: string };

const select = `SELECT f.id, f.member_id, a.name, a.email, f.reason, host(f.address) AS address,
    f.status, f.decided_by, f.created_at, f.decided_at
  FROM factor_resets f JOIN accounts a ON a.id = f.account_id
  WHERE f.organization_id = $1`;
const selectResets = statement('resets.list', `${select} ORDER BY f.id DESC LIMIT 1000`);
const selectReset = statement('resets.get', `${select} AND f.id = $2`);

function toReset({ member_id, ...rest }: Row): schemas.FactorReset {
  return { object: 'factor_reset', member: member_id, ...rest };
}

/** Who asked to enrol new factors, newest first. */
export async function listFactorResets(
  ctx: ScopedContext,
): Promise<{ data: schemas.FactorReset[] }> {
  const rows = await ctx.db.read<Row>(selectResets, [ctx.scope.organization]);
  return { data: rows.map(toReset) };
}

/** A request as the API shows it. @throws ApiError `not_found` */
export async function readFactorReset(
  query: Query,
  organization: string,
  id: string,
): Promise<schemas.FactorReset> {
  const [row] = await query<Row>(selectReset, [organization, id]);
  if (row === undefined) throw new ApiError('not_found', { detail: 'No such request.' });
  return toReset(row);
}

/** Who may decide for a member: others who may do all that the member may. */
export async function decidersFor(
  query: Query,
  organization: string,
  target: Pick<Standing, 'id' | 'isOwner' | 'permissions'>,
): Promise<Standing[]> {
  const all = await activeStandings(query, organization);
  return all.filter(
    (one) =>
      one.id !== target.id && one.permissions.live.has('members:suspend') && mayManage(one, target),
  );
}
