import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import { emailKey } from './create-account.ts';

const insertRequest = statement(
  'resets.ask_password',
  `INSERT INTO password_reset_requests (email_key, address, user_agent, request_id)
   VALUES ($1, $2, $3, $4)`,
);

/**
 * Asks for a link to choose a new password. Nothing is looked up here: the worker finds out whether
 * there is somebody to write to, so that neither the answer nor its time can tell.
 */
export async function requestPasswordReset(
  ctx: Context,
  email: string,
): Promise<{ accepted: true }> {
  const { address = null, userAgent = null, requestId = null } = ctx;
  await mutate<void>(ctx, { permission: 'anyone', audit: () => undefined }, async (tx) => {
    await tx.query(insertRequest, [emailKey(email), address, userAgent, requestId]);
  });
  return { accepted: true };
}
