import type { schemas } from 'payos-contract';
import type { Context, Scope } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import { mutate } from '../../core/mutate.ts';
import { findActing, permissionFor } from '../acting.ts';
import { announceChange, type KeyChange } from '../announce-change.ts';
import type { KeyDependencies } from '../change-key.ts';
import { type PolicyRow, policyColumns, readKeyPolicy, toPolicy } from './key-policy.ts';

const upsert = statement(
  'key_policies.upsert',
  `INSERT INTO api_key_policies (organization_id, mode, max_age_days, on_overdue,
     longest_expiry_days, require_ip_ranges, one_service_per_key, on_plain_http, on_leak_report)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   ON CONFLICT (organization_id, mode) DO UPDATE SET max_age_days = excluded.max_age_days,
     on_overdue = excluded.on_overdue, longest_expiry_days = excluded.longest_expiry_days,
     require_ip_ranges = excluded.require_ip_ranges,
     one_service_per_key = excluded.one_service_per_key,
     on_plain_http = excluded.on_plain_http, on_leak_report = excluded.on_leak_report,
     updated_at = now()
   RETURNING ${policyColumns}`,
);

/**
 * Changes the rules for the keys of one mode. Keys that the new rules end are dead everywhere when
 * the answer comes; what else they ask of keys they ask of new ones and of changes.
 */
export async function updateKeyPolicy(
  ctx: Context,
  { propagating }: KeyDependencies,
  scope: Scope,
  input: schemas.UpdateApiKeyPolicy,
): Promise<schemas.ApiKeyPolicy> {
  const { organization, mode } = scope;
  const told: KeyChange[] = [];
  let before: schemas.ApiKeyPolicy | undefined;
  const policy = await mutate<schemas.ApiKeyPolicy>(
    ctx,
    {
      permission: permissionFor(ctx, 'security_policy:write'),
      scope,
      audit: (to) => ({
        action: 'api_key_policy.update',
        object: organization,
        details: { from: before, to },
      }),
    },
    async (tx) => {
      await findActing(tx, ctx, scope, 'security_policy:write');
      before = await readKeyPolicy(tx.query, scope);
      const wanted = { ...before, ...input };
      const [row] = await tx.query<PolicyRow>(upsert, [
        organization,
        mode,
        wanted.max_age_days,
        wanted.on_overdue,
        wanted.longest_expiry_days,
        wanted.require_ip_ranges,
        wanted.one_service_per_key,
        wanted.on_plain_http,
        wanted.on_leak_report,
      ]);
      if (row === undefined) throw new Error('the rules were not written');
      const data = toPolicy(row);
      told.push(await announceChange(tx, scope, undefined));
      tx.event({ type: 'api_key_policy.updated', object: organization, data, scope });
      return data;
    },
  );
  for (const change of told) await propagating.awaitPropagation(change);
  return policy;
}
