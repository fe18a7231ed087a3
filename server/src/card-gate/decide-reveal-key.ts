import type { Permission, schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { type Statement, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { type ActingPerson, announceChange, findPerson, type KeyChange } from '../keys/index.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { holdRevealKey, type RevealKeyRow, revealKeyColumns, toRevealKey } from './reveal-key.ts';
import { tellOfRevealKey } from './tell-people.ts';

const approve = statement(
  'reveal_keys.approve',
  `UPDATE reveal_keys SET status = 'approved', decided_by = $4, decided_by_account = $5,
     decided_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status = 'requested'
   RETURNING ${revealKeyColumns}`,
);
const remove = statement(
  'reveal_keys.remove',
  `UPDATE reveal_keys SET status = 'removed', removed_by = $4, removed_at = now()
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND status <> 'removed'
     AND $5::text IS NOT NULL
   RETURNING ${revealKeyColumns}`,
);

type Step = {
  permission: Permission;
  action: string;
  event: 'reveal_key.approved' | 'reveal_key.removed';
  update: Statement;
  check: (row: RevealKeyRow, self: ActingPerson) => void;
};

const approving: Step = {
  permission: 'card_gate:approve',
  action: 'reveal_key.approve',
  event: 'reveal_key.approved',
  update: approve,
  check: ({ status, requested_by_account }, { account }) => {
    if (status !== 'requested') throw new ApiError('decided_already');
    if (requested_by_account === account) throw new ApiError('own_request');
  },
};
const removing: Step = {
  permission: 'card_gate:close',
  action: 'reveal_key.remove',
  event: 'reveal_key.removed',
  update: remove,
  check: ({ status }) => {
    if (status === 'removed') throw new ApiError('decided_already');
  },
};

/** Lets cards be sealed to it. @throws ApiError `not_found`, `own_request`, `decided_already` */
export function approveRevealKey(ctx: ScopedContext, deps: CardGateDependencies, id: string) {
  return takeStep(ctx, deps, id, approving);
}

/** From the answer on nothing is sealed to it. @throws ApiError `not_found`, `decided_already` */
export function removeRevealKey(ctx: ScopedContext, deps: CardGateDependencies, id: string) {
  return takeStep(ctx, deps, id, removing);
}

async function takeStep(
  ctx: ScopedContext,
  { sealer, propagating }: CardGateDependencies,
  id: string,
  step: Step,
): Promise<schemas.RevealKey> {
  const { permission, action, event, update, check } = step;
  const { scope } = ctx;
  const told: KeyChange[] = [];
  const key = await mutate<schemas.RevealKey>(
    ctx,
    {
      permission,
      audit: ({ name, thumbprint }) => ({ action, object: id, details: { name, thumbprint } }),
    },
    async (tx) => {
      const self = await findPerson(tx, ctx, scope, permission);
      check(await holdRevealKey(tx.query, scope, id), self);
      const values = [scope.organization, scope.mode, id, self.member, self.account];
      const [row] = await tx.query<RevealKeyRow>(update, values);
      if (row === undefined) throw new Error('the reveal key was not changed');
      told.push(await announceChange(tx, scope, undefined));
      const changed = toRevealKey(row);
      tx.event({ type: event, object: id, data: changed });
      const { organization } = scope;
      if (step === approving) await tellOfRevealKey(tx, sealer, organization, changed, 'approved');
      return changed;
    },
  );
  for (const change of told) await propagating.awaitPropagation(change);
  return key;
}
