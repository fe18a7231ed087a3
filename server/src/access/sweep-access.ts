import { type Database, run, statement } from '../core/db.ts';
import { defaultPolicy, pendingMinutes } from './find-session.ts';

/** How long what has ended is kept, in days. */
const keptDays = 30;

const sweepChallenges = statement(
  'challenges.sweep',
  'DELETE FROM webauthn_challenges WHERE expires_at < now()',
);
const sweepLinks = statement(
  'links.sweep',
  `DELETE FROM one_time_links WHERE created_at < now() - interval '${keptDays} days'
     AND (used_at IS NOT NULL OR expires_at < now())`,
);
/** No organization can allow more than the built-in rules. */
const endExpired = statement(
  'sessions.end_expired',
  `UPDATE sessions SET ended_at = now(), ended_reason = 'expired'
   WHERE ended_at IS NULL AND (
     created_at < now() - interval '${defaultPolicy.session_hours} hours'
     OR last_used_at < now() - interval '${defaultPolicy.idle_minutes} minutes'
     OR (state <> 'active' AND created_at < now() - interval '${pendingMinutes} minutes'))`,
);
const sweepSessions = statement(
  'sessions.sweep',
  `DELETE FROM sessions WHERE created_at < now() - interval '${keptDays + 1} days'
     AND ended_at < now() - interval '${keptDays} days'`,
);
const sweepTotp = statement(
  'totp.sweep',
  `DELETE FROM totp_factors
   WHERE confirmed_at IS NULL AND created_at < now() - interval '1 day'`,
);

/** Removes what has served its time, and ends sessions that nobody uses any more. */
export async function sweepAccess(db: Database): Promise<void> {
  const all = [sweepChallenges, sweepLinks, endExpired, sweepSessions, sweepTotp];
  for (const sweep of all) await run(db.write, sweep);
}
