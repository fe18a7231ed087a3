import type { schemas } from 'payos-contract';
import { clock } from '../../core/clock.ts';
import type { ScopedContext } from '../../core/context.ts';
import { type ApiKeyRow, toApiKey } from '../key-row.ts';
import { readLivingKeys } from '../living-keys.ts';
import { bindsToNothing } from '../rules/check-policy.ts';
import { readKeyPolicy } from './key-policy.ts';

const dayMs = 86_400_000;

/** Which living keys other rules would end, call overdue, or not allow to be made like that. */
export async function previewKeyPolicy(
  ctx: ScopedContext,
  input: schemas.UpdateApiKeyPolicy,
): Promise<schemas.ApiKeyPolicyPreview> {
  const { read } = ctx.db;
  const [now, keys] = await Promise.all([
    readKeyPolicy(read, ctx.scope),
    readLivingKeys(read, ctx.scope),
  ]);
  const policy = { ...now, ...input };
  const { longest_expiry_days: longest } = policy;
  const those = (applies: (key: ApiKeyRow) => boolean) => keys.filter(applies).map(toApiKey);
  const isOverdue = ({ kind, created_at }: ApiKeyRow) =>
    kind !== 'publishable' &&
    policy.max_age_days !== null &&
    isPast(created_at, policy.max_age_days);
  return {
    end_now: those((key) => policy.on_overdue === 'expire' && isOverdue(key)),
    overdue: those(isOverdue),
    without_ip_ranges: those(
      ({ kind, ip_ranges }) =>
        policy.require_ip_ranges && kind !== 'publishable' && bindsToNothing(ip_ranges),
    ),
    expire_too_late: those(
      ({ kind, created_at, expires_at }) =>
        longest !== null &&
        kind !== 'publishable' &&
        (expires_at === null || daysBetween(created_at, expires_at) > longest),
    ),
    without_service: those(({ service }) => policy.one_service_per_key && service === null),
  };
}

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / dayMs;
const isPast = (from: string, days: number) => Date.parse(from) + days * dayMs <= clock.nowMs();
