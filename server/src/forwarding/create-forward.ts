import type { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import type { ScopedContext } from '../core/context.ts';
import { run, statement, violates } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import type { AddressGuard } from '../egress/index.ts';
import { type VaultClient, VaultSilent } from '../vault-client/index.ts';
import type { DestinationRow } from './destination.ts';
import { type ForwardRow, forwardColumns, toRecord } from './forward.ts';
import { type CardSource, findCard, matchDestination } from './prepare-forward.ts';
import { redactRequest } from './redact-request.ts';
import { answerForward, type Outcome, settleForward } from './settle-forward.ts';
import { tellVault } from './tell-vault.ts';

export type ForwardDependencies = {
  vault: VaultClient;
  guard: AddressGuard;
  /** For the whole of the call, in milliseconds. */
  timeoutMs: number;
  /** Forwards of one organization in one mode and hour. */
  hourly: number;
};

/** How long a request may wait before it leaves the vault, in milliseconds. */
const sendWithinMs = 10_000;

const countUp = statement(
  'forwards.count_up',
  `INSERT INTO forward_counts AS c (organization_id, mode, hour, count)
   VALUES ($1, $2, date_trunc('hour', now()), 1)
   ON CONFLICT (organization_id, mode) DO UPDATE SET hour = excluded.hour,
     count = CASE WHEN c.hour = excluded.hour THEN c.count + 1 ELSE 1 END
   RETURNING count, ceil(extract(epoch FROM hour + interval '1 hour' - now()))::integer AS left`,
);
const insert = statement(
  'forwards.insert',
  `INSERT INTO forwards (organization_id, id, mode, destination_id, token_id, payment_method_id,
     idempotency_key, body_hash, method, url, request)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const selectByKey = statement(
  'forwards.by_key',
  `SELECT ${forwardColumns} FROM forwards
   WHERE organization_id = $1 AND mode = $2 AND idempotency_key = $3`,
);

/**
 * Has the vault send a request with a card to a destination that people have approved. The row is
 * on disk before anything leaves; there is one call per Idempotency-Key, ever, and what may have
 * arrived is never sent again.
 *
 * @throws ApiError `destination_not_allowed`, `invalid_request`, `not_found`, `rate_limited`,
 *   `token_already_used`, `token_expired`, `vault_unavailable`, before anything is written
 */
export async function createForward(
  ctx: ScopedContext,
  deps: ForwardDependencies,
  input: schemas.CreateForward,
): Promise<schemas.ForwardRecord | Reply> {
  const destination = await matchDestination(ctx, deps.guard, input.request);
  const card = await findCard(ctx, deps.vault, input);
  if (destination.vault_told_at === null) await tellVault(ctx, deps.vault, destination);
  const begunMs = clock.nowMs();
  const id = newId('forward');
  const earlier = await recordIntent(ctx, deps, id, destination, input).catch((error: unknown) =>
    findEarlier(ctx, error),
  );
  if (earlier !== undefined) return answerForward(earlier, ctx.requestId);
  const outcome = await callVault(ctx, deps, { id, destination, card, input, begunMs });
  return settleForward(ctx, id, outcome, 'last');
}

async function recordIntent(
  ctx: ScopedContext,
  { hourly }: ForwardDependencies,
  id: string,
  destination: DestinationRow,
  input: schemas.CreateForward,
): Promise<undefined> {
  const { idempotency, scope } = ctx;
  if (idempotency === undefined) throw new ApiError('idempotency_key_required');
  const written = redactRequest(input.request);
  await mutate(
    ctx,
    {
      permission: 'cards:forward',
      part: { first: id },
      audit: () => ({
        action: 'forward.create',
        object: id,
        details: { destination: destination.id, url: written.url },
      }),
    },
    async (tx) => {
      await countHour(tx, ctx, hourly);
      await tx.query(insert, [
        ...[scope.organization, id, scope.mode, destination.id],
        ...[input.token ?? null, input.payment_method ?? null],
        ...[idempotency.key, idempotency.bodyHash, written.method, written.url],
        JSON.stringify(written),
      ]);
    },
  );
}

/** Counted in the transaction that writes the intent, so that no server can lose count. */
async function countHour(tx: Tx, { scope }: ScopedContext, hourly: number): Promise<void> {
  const values = [scope.organization, scope.mode];
  const [hour] = await tx.query<{ count: number; left: number }>(countUp, values);
  if (hour !== undefined && hour.count <= hourly) return;
  const detail = `This organization may forward ${hourly} requests an hour.`;
  throw new ApiError('rate_limited', { detail }, { 'retry-after': String(hour?.left ?? 3600) });
}

/** The key is kept longer than answers are: whoever used it before gets what came of it then. */
async function findEarlier(ctx: ScopedContext, error: unknown): Promise<ForwardRow> {
  if (ctx.idempotency === undefined || !violates(error, 'forwards_once')) throw error;
  const { key, bodyHash } = ctx.idempotency;
  const values = [ctx.scope.organization, ctx.scope.mode, key];
  const [row] = await run<ForwardRow>(ctx.db.write, selectByKey, values);
  if (row === undefined || row.emptied_at !== null || !row.body_hash.equals(bodyHash)) {
    throw new ApiError('idempotency_mismatch');
  }
  return row;
}

type Call = {
  id: string;
  destination: DestinationRow;
  card: CardSource;
  input: schemas.CreateForward;
  begunMs: number;
};

/** Never throws: whatever happens has to be written down. */
async function callVault(
  ctx: ScopedContext,
  { vault, timeoutMs }: ForwardDependencies,
  { id, destination, card, input, begunMs }: Call,
): Promise<Outcome> {
  const { headers = {}, method, url, body } = input.request;
  const code = input.cvc_token === undefined ? {} : { cvc_token: input.cvc_token };
  try {
    const forwarded = await vault.forwardRequest(
      {
        ...ctx.scope,
        ...card,
        ...code,
        destination: destination.id,
        forward: id,
        timeout_ms: timeoutMs,
        not_after_ms: begunMs + sendWithinMs,
        request: { method, url, headers, body },
      },
      ctx.requestId,
    );
    const { outcome, status, detail } = forwarded;
    if (outcome !== 'answered' || status === null) {
      return { status: outcome === 'not_sent' ? 'not_sent' : 'unknown', failure: detail };
    }
    const { headers: shown, body: answer, redacted } = forwarded;
    return {
      status: 'answered',
      response: { status, headers: shown, body: answer, redacted, withheld_because: detail },
    };
  } catch (error) {
    if (error instanceof ApiError) return { status: 'not_sent', failure: error.code };
    const why = error instanceof VaultSilent ? error.cause : error;
    ctx.log.error({ err: why, forward: id }, 'a forward ended in an error');
    if (error instanceof VaultSilent && !error.sent) {
      return { status: 'not_sent', failure: 'vault_unavailable' };
    }
    return { status: 'unknown', failure: 'vault_silent' };
  }
}

/** Answers a repeated request whose first try was cut off. Nothing is sent a second time. */
export function resumedForward(row: ForwardRow, ctx: ScopedContext, onlySettled: boolean) {
  if (onlySettled && row.status === 'sending') return undefined;
  return row.status === 'sending' ? toRecord(row) : answerForward(row, ctx.requestId);
}
