import type { schemas } from 'payos-contract';
import { clock } from '../../core/clock.ts';
import type { Context, Scope } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import { type AuditNote, mutate, type Tx } from '../../core/mutate.ts';
import type { Sealer } from '../../core/seal.ts';
import { announceChange } from '../announce-change.ts';
import { holdKey } from '../change-key.ts';
import { holdSuccessors } from '../hold-successors.ts';
import { type ApiKeyRow, apiKeyColumns, statusOf, toApiKey } from '../key-row.ts';
import { readKeyPolicy } from '../policy/key-policy.ts';
import { tellKeepers } from '../tell-keepers.ts';
import type { Identified } from './identify-keys.ts';

/** Where a key was seen. */
type Exposure = {
  how: NonNullable<schemas.ApiKey['exposed_how']>;
  /** An address or a URL; without the key, whatever it was. */
  where: string | undefined;
};

/**
 * Told of every living key that is found exposed, also of one that was known to be, within the
 * transaction. Answers what else goes into the audit log, and what is to be waited for once all of
 * it is committed.
 */
export type OnExposed = (
  tx: Tx,
  key: ApiKeyRow,
  how: Exposure['how'],
) => Promise<{ notes: readonly AuditNote[]; onceCommitted: () => Promise<void> } | undefined>;

/** What becomes of exposed keys, and who is told. */
export type ExposureDependencies = { sealer: Sealer; onExposed: OnExposed };

/** What became of the key: by the rules of its organization. `known`: it was known already. */
type Exposed = 'flag' | 'disable' | 'revoke' | 'known';

const markExposed = statement(
  'keys.expose',
  `UPDATE api_keys SET updated_at = now(),
     exposed_at = coalesce(exposed_at, now()),
     exposed_how = CASE WHEN $3 = 'leak_report' THEN $3 ELSE coalesce(exposed_how, $3) END,
     exposed_where = CASE WHEN $3 = 'leak_report' THEN $4 ELSE coalesce(exposed_where, $4) END,
     disabled_at = CASE WHEN $5 = 'disable' THEN coalesce(disabled_at, now()) ELSE disabled_at END,
     disabled_reason = CASE WHEN $5 = 'disable' THEN coalesce(disabled_reason, 'exposed')
       ELSE disabled_reason END,
     revoked_at = CASE WHEN $5 = 'revoke' THEN now() ELSE revoked_at END,
     revoked_reason = CASE WHEN $5 = 'revoke' THEN 'exposed' ELSE revoked_reason END
   WHERE organization_id = $1 AND id = $2 RETURNING ${apiKeyColumns}`,
);
const severity = { flag: 0, disable: 1, revoke: 2 } as const;

/**
 * A genuine key was seen where no secret may be: it is marked, disabled or revoked by the rules of
 * its organization, and those who look after it are told at once. What happens again and again, as
 * with a program that goes on speaking plain HTTP, is told once. What disables or revokes the key
 * does so to the successors that it made of itself, too, also when it has ended by then.
 */
export async function exposeKey(
  ctx: Context,
  { sealer, onExposed }: ExposureDependencies,
  { organization, mode, id }: Identified,
  { how, where }: Exposure,
): Promise<Exposed> {
  const scope = { organization, mode };
  let outcome: Exposed = 'known';
  const notes: AuditNote[] = [];
  const afterwards: (() => Promise<void>)[] = [];
  await mutate(ctx, { permission: 'system', scope, audit: () => notes }, async (tx) => {
    const key = await holdKey(tx, scope, id);
    const rule = await ruleFor(tx, scope, how);
    // Whoever had the key may have made these with it, and let it end before it was found; what
    // people made is not theirs.
    const heirs = await holdSuccessors(tx, scope, key, (heir) => heir.rolled_by_self);
    for (const one of [key, ...heirs]) {
      const more = isOver(one) ? undefined : await onExposed(tx, one, how);
      notes.push(...(more?.notes ?? []));
      if (more !== undefined) afterwards.push(more.onceCommitted);
      if (!isNews(one, rule, how)) continue;
      await mark(tx, sealer, one, { how, where }, rule);
      const origin = one === key ? {} : { predecessor: id };
      const details = { how, where, outcome: rule, ...origin };
      notes.push({ action: 'api_key.expose', object: one.id, details });
      outcome = rule;
    }
  });
  for (const wait of afterwards) await wait();
  return outcome;
}

async function mark(
  tx: Tx,
  sealer: Sealer,
  { organization_id: organization, mode, id }: ApiKeyRow,
  { how, where }: Exposure,
  rule: Exclude<Exposed, 'known'>,
): Promise<void> {
  const values = [organization, id, how, where?.slice(0, 500) ?? null, rule];
  const [row] = await tx.query<ApiKeyRow>(markExposed, values);
  if (row === undefined) throw new Error('the key was not marked');
  if (rule !== 'flag') await announceChange(tx, { organization, mode }, id);
  const data = toApiKey(row);
  tx.event({ type: 'api_key.exposed', object: id, data });
  if (rule === 'revoke') tx.event({ type: 'api_key.revoked', object: id, data });
  if (rule === 'disable') tx.event({ type: 'api_key.disabled', object: id, data });
  const at = new Date(clock.nowMs()).toISOString();
  const mail = { template: 'api_key_exposed', data: { at, how, where, done: rule } } as const;
  await tellKeepers(tx, sealer, row, { ...mail, urgent: true });
}

/** What is seen inside TLS, by nobody but whoever looks into logs, ends no key by itself. */
async function ruleFor(tx: Tx, scope: Scope, how: Exposure['how']) {
  if (how === 'url' || how === 'browser') return 'flag';
  const policy = await readKeyPolicy(tx.query, scope);
  return how === 'plain_http' ? policy.on_plain_http : policy.on_leak_report;
}

function isOver(key: ApiKeyRow): boolean {
  return ['revoked', 'expired'].includes(statusOf(key));
}

/** Whether this is the first time, or more has to be done than was. */
function isNews(key: ApiKeyRow, rule: Exclude<Exposed, 'known'>, how: Exposure['how']): boolean {
  if (isOver(key)) return false;
  if (key.exposed_at === null) return true;
  const done = statusOf(key) === 'disabled' ? severity.disable : severity.flag;
  // Found by a scanner after it was only marked for something lesser: that is worse.
  return severity[rule] > done || (how === 'leak_report' && key.exposed_how !== 'leak_report');
}
