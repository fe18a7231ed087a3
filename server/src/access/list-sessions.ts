import type { schemas } from 'payos-contract';
import { type Context, sessionOf } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { describeDevice } from './device.ts';
import { defaultPolicy } from './find-session.ts';

type Row = {
  id: string;
  user_agent: string | null;
  address: string | null;
  proofs: schemas.Proof[];
  created_at: string;
  last_used_at: string;
  expires_at: string;
};

const selectSessions = statement(
  'sessions.list',
  `SELECT s.id, s.user_agent, host(s.address) AS address, s.proofs, s.created_at, s.last_used_at,
     s.created_at + h.hours AS expires_at
   FROM sessions s
   LEFT JOIN security_policies p ON p.organization_id = s.organization_id
   CROSS JOIN LATERAL (SELECT
     coalesce(p.session_hours, ${defaultPolicy.session_hours}) * interval '1 hour' AS hours,
     coalesce(p.idle_minutes, ${defaultPolicy.idle_minutes}) * interval '1 minute' AS idle) h
   WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.state = 'active'
     AND s.created_at + h.hours > now() AND s.last_used_at + h.idle > now()
   ORDER BY s.last_used_at DESC, s.id`,
);

/** The sessions in which a person is signed in, the last used one first (ASVS 7.5.2). */
export async function listSessions(ctx: Context): Promise<{ data: schemas.AccountSession[] }> {
  const { id: own, account } = sessionOf(ctx);
  const rows = await ctx.db.read<Row>(selectSessions, [account]);
  const data = rows.map(({ user_agent, ...row }) => ({
    ...row,
    current: row.id === own,
    device: describeDevice(user_agent),
  }));
  return { data };
}
