import type { schemas } from 'payos-contract';
import { clock } from '../../core/clock.ts';
import { ApiError, fieldError } from '../../core/errors.ts';
import { timeMs } from '../../core/id-time.ts';

const dayMs = 86_400_000;
/** The widest networks that still bind a key to somewhere, as prefixes. */
const widest = { ipv4: 8, ipv6: 16 } as const;

type Asked = Pick<schemas.UpdateApiKey, 'expires_at' | 'ip_ranges' | 'service'>;
type Refusal = { pointer: string; code: string; message: string; fix: string };

/**
 * Holds what is asked for against the rules of the organization. What is not asked for is not
 * held against them: a key that was made before a rule can still be given another name.
 *
 * @param livesFrom Unix milliseconds from which its longest life counts: when it was made
 * @throws ApiError `key_policy_refused`, all reasons at once
 */
export function checkPolicy(
  policy: schemas.ApiKeyPolicy,
  kind: schemas.ApiKey['kind'],
  asked: Asked,
  livesFrom: number,
): void {
  const refusals: Refusal[] = [];
  const { longest_expiry_days: days } = policy;
  // What lies in the open anyway may lie there for ever.
  if (days !== null && kind !== 'publishable' && asked.expires_at !== undefined) {
    const last = livesFrom + days * dayMs;
    if (asked.expires_at === null || timeMs(asked.expires_at) > last) {
      const message = `A key lives ${days} days at most.`;
      const fix = `Choose a time until ${new Date(last).toISOString()}.`;
      refusals.push({ pointer: '/expires_at', code: 'too_late', message, fix });
    }
  }
  const needsRanges = policy.require_ip_ranges && kind !== 'publishable';
  if (needsRanges && asked.ip_ranges !== undefined && asked.ip_ranges.length === 0) {
    const message = 'Every key must be bound to addresses.';
    const fix = 'Name the ranges that it is used from.';
    refusals.push({ pointer: '/ip_ranges', code: 'missing', message, fix });
  }
  const wide = needsRanges ? (asked.ip_ranges ?? []).findIndex(isWide) : -1;
  if (wide >= 0) {
    const message = 'So wide a range binds the key to nothing.';
    const fix = `Name networks of /${widest.ipv4} (IPv6: /${widest.ipv6}) or smaller.`;
    refusals.push({ pointer: `/ip_ranges/${wide}`, code: 'too_wide', message, fix });
  }
  const { service } = asked;
  if (policy.one_service_per_key && service !== undefined && !/[\p{L}\p{N}]/u.test(service ?? '')) {
    const message = 'Every key must name the one service that uses it.';
    refusals.push({ pointer: '/service', code: 'missing', message, fix: 'Name the service.' });
  }
  if (refusals.length > 0) throw new ApiError('key_policy_refused', { errors: refusals });
}

/** Whether a list of ranges leaves a key to so many addresses that it might as well be empty. */
export function bindsToNothing(ranges: readonly string[]): boolean {
  return ranges.length === 0 || ranges.some(isWide);
}

function isWide(range: string): boolean {
  const prefix = Number(range.split('/')[1]);
  return prefix < (range.includes(':') ? widest.ipv6 : widest.ipv4);
}

/** An end of a key as it is stored. @throws ApiError `invalid_request` when it is not ahead */
export function checkExpiry(expires_at: string | null): string | null {
  if (expires_at === null) return null;
  const ms = timeMs(expires_at);
  if (ms > clock.nowMs()) return new Date(ms).toISOString();
  const message = 'This time has passed.';
  throw fieldError('/expires_at', 'past', message, 'Choose a later time, or revoke the key.');
}

/** When a key ends that names no end: at the latest that the rules allow. Null: never. */
export function latestExpiry(
  { longest_expiry_days: days }: schemas.ApiKeyPolicy,
  kind: schemas.ApiKey['kind'],
): string | null {
  return days === null || kind === 'publishable'
    ? null
    : new Date(clock.nowMs() + days * dayMs).toISOString();
}
