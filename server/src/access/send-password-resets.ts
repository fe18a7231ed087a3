import { clock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { type AuditNote, mutate, type Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { circumstancesOf, notify } from './notify.ts';
import { createLink } from './one-time-link.ts';
import { organizationsOf } from './whose.ts';

/** How long a link to choose a new password works. */
export const linkMinutes = 30;
/** How many one account is sent by mail. */
const linksPerHour = 3;

type Asked = {
  email_key: string;
  address: string | null;
  user_agent: string | null;
  request_id: string | null;
};

const takeRequest = statement(
  'resets.take_request',
  `DELETE FROM password_reset_requests WHERE id = (
     SELECT id FROM password_reset_requests ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
   RETURNING email_key, host(address) AS address, user_agent, request_id`,
);
/** Held, so that two requests at once are counted one after the other. */
const selectAccount = statement(
  'resets.account',
  'SELECT id FROM accounts WHERE email_key = $1 FOR NO KEY UPDATE',
);
const countLinks = statement(
  'resets.count_links',
  `SELECT count(*)::int AS sent FROM one_time_links
   WHERE kind = 'password_reset' AND account_id = $1 AND created_at > now() - interval '1 hour'`,
);

/** Mails links to choose a new password to those who asked for one and have an account. */
export async function sendPasswordResets(ctx: Context, sealer: Sealer): Promise<void> {
  while (await sendOne(ctx, sealer));
}

type Outcome = { found: boolean; note: AuditNote | undefined };

async function sendOne(ctx: Context, sealer: Sealer): Promise<boolean> {
  const { found } = await mutate<Outcome>(
    ctx,
    { permission: 'system', audit: ({ note }) => note },
    async (tx) => {
      const [asked] = await tx.query<Asked>(takeRequest);
      if (asked === undefined) return { found: false, note: undefined };
      const [account] = await tx.query<{ id: string }>(selectAccount, [asked.email_key]);
      const note = account === undefined ? undefined : await answer(tx, sealer, account.id, asked);
      return { found: true, note };
    },
  );
  return found;
}

async function answer(tx: Tx, sealer: Sealer, account: string, asked: Asked): Promise<AuditNote> {
  const [links] = await tx.query<{ sent: number }>(countLinks, [account]);
  const mailed = (links?.sent ?? 0) < linksPerHour;
  if (mailed) await mailLink(tx, sealer, account, asked);
  const { address, request_id: request } = asked;
  return {
    action: 'password.reset_request',
    object: account,
    details: { mailed, address, request },
    where: { organizations: await organizationsOf(tx, account) },
  };
}

async function mailLink(tx: Tx, sealer: Sealer, account: string, asked: Asked): Promise<void> {
  const token = await createLink(tx, { kind: 'password_reset', account, minutes: linkMinutes });
  const expiresAt = new Date(clock.nowMs() + linkMinutes * 60_000).toISOString();
  const circumstances = circumstancesOf({
    address: asked.address ?? undefined,
    userAgent: asked.user_agent ?? undefined,
  });
  const mail = { template: 'password_reset', data: { token, expiresAt } } as const;
  await notify(tx, { sealer, circumstances }, account, mail);
}
