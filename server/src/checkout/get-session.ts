import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { requireCustomer } from '../core/key-limits.ts';
import { listPage, type PageOf } from '../core/page.ts';
import { createdWithin } from '../core/ways.ts';
import { type SessionRow, sessionColumns, toSession } from './session.ts';

const selectSession = statement(
  'checkout.get',
  `SELECT ${sessionColumns} FROM checkout_sessions
   WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** One session. @throws ApiError `not_found` */
export async function getSession(ctx: ScopedContext, id: string): Promise<schemas.CheckoutSession> {
  const { organization, mode } = ctx.scope;
  const [row] = await ctx.db.read<SessionRow>(selectSession, [organization, mode, id]);
  if (row === undefined) throw noSession();
  requireCustomer(ctx.actor, row.customer_id);
  return toSession(row);
}

/** Also for a session of another tenant or mode, so that nobody learns which ids exist. */
export function noSession(): ApiError {
  return new ApiError('not_found', { detail: 'No such checkout session.' });
}

/** Sessions of this organization and mode, newest first. A bound key names its customer. */
export async function listSessions(
  ctx: ScopedContext,
  query: schemas.ListCheckoutSessions,
): Promise<PageOf<schemas.CheckoutSession>> {
  requireCustomer(ctx.actor, query.customer);
  const { status, customer, reference } = query;
  const page = await listPage<SessionRow, 'checkout_sessions'>(
    ctx.db,
    'checkout_sessions',
    ctx.scope,
    query,
    (rows) => {
      let some = rows;
      if (status !== undefined) some = some.where('status', '=', status);
      if (customer !== undefined) some = some.where('customer_id', '=', customer);
      if (reference !== undefined) some = some.where('reference', '=', reference);
      for (const condition of createdWithin(query)) some = some.where(condition as never);
      return some;
    },
  );
  return { ...page, data: page.data.map(toSession) };
}
