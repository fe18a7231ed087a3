import type { schemas } from 'payos-contract';

type KeyUsage = Pick<schemas.ApiKeyUsage, 'uses' | 'last_used_at'>;

/** For so long after a rotation programs are being given the new key, in milliseconds. */
const graceMs = 5 * 60_000;
/** A key nobody has used for so long is used by no program that runs every day. */
const quietMs = 25 * 3_600_000;

type Readiness = {
  /** `waiting`: too early to tell. */
  state: 'waiting' | 'used' | 'safe';
  /** Who has used the old key since the rotation. */
  users: KeyUsage['uses'];
};

/**
 * Whether the old key of a rotation can be ended: nobody has used it since the programs were given
 * the new one, or not for more than a day.
 */
export function readiness(usage: KeyUsage, rotatedAt: number, now: number): Readiness {
  const timeOf = (at: string | null) => (at === null ? 0 : Date.parse(at));
  const users = usage.uses.filter((use) => timeOf(use.last_used_at) > rotatedAt);
  const last = timeOf(usage.last_used_at);
  const isQuiet = last <= rotatedAt + graceMs || now - last > quietMs;
  if (!isQuiet) return { state: 'used', users };
  return { state: now - rotatedAt < graceMs ? 'waiting' : 'safe', users };
}
