import type { ErrorCode, schemas } from 'payos-contract';
import { findCardNumber } from '../core/card-guard.ts';
import type { Context, Scope } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { Reply } from '../core/http/route.ts';
import { mutate } from '../core/mutate.ts';
import { type ForwardRow, forwardColumns, toRecord, toSummary } from './forward.ts';

type Answered = NonNullable<schemas.ForwardRecord['response']>;

/** What became of a forward. */
export type Outcome =
  | { status: 'answered'; response: Answered }
  | { status: 'not_sent' | 'unknown'; failure: string | null };

const finish = statement(
  'forwards.finish',
  `UPDATE forwards SET status = $3, response = $4, response_status = $5, failure = $6,
     finished_at = now()
   WHERE organization_id = $1 AND id = $2 AND status = 'sending'
   RETURNING ${forwardColumns}`,
);
const select = statement(
  'forwards.settled',
  `SELECT ${forwardColumns} FROM forwards WHERE organization_id = $1 AND id = $2`,
);

/**
 * Writes down what became of a forward: used by the request that made it and by the worker that
 * gives it up. Whoever comes second changes nothing.
 *
 * @param part `last` when this ends an idempotent request
 */
export async function settleForward(
  ctx: Context,
  id: string,
  outcome: Outcome,
  part: 'last' | 'none',
  scope: Scope | undefined = ctx.scope,
): Promise<schemas.ForwardRecord | Reply> {
  if (scope === undefined) throw new Error('a forward belongs to somebody');
  const response = outcome.status === 'answered' ? guarded(outcome.response) : undefined;
  const failure = outcome.status === 'answered' ? null : outcome.failure;
  let changed = false;
  return mutate<schemas.ForwardRecord | Reply>(
    ctx,
    {
      permission: 'cards:forward',
      part,
      scope,
      audit: () => {
        const details = { outcome: outcome.status, status: response?.status ?? null, failure };
        return changed ? { action: 'forward.finish', object: id, details } : undefined;
      },
    },
    async (tx) => {
      const [row] = await tx.query<ForwardRow>(finish, [
        ...[scope.organization, id, outcome.status],
        response === undefined ? null : JSON.stringify(response),
        ...[response?.status ?? null, failure],
      ]);
      changed = row !== undefined;
      if (row !== undefined) {
        tx.event({ type: `forward.${outcome.status}`, object: id, data: toSummary(row) });
        return answerForward(row, ctx.requestId);
      }
      const [settled] = await tx.query<ForwardRow>(select, [scope.organization, id]);
      if (settled === undefined) throw new Error('a forward vanished');
      return answerForward(settled, ctx.requestId);
    },
  );
}

/** The vault has looked for this card; no other is stored here either. */
function guarded(response: Answered): Answered {
  const held = findCardNumber([response.body, response.headers]);
  if (held === undefined) return response;
  const why = 'response_resembled_card_data';
  return { ...response, headers: {}, body: null, redacted: 'withheld', withheld_because: why };
}

/** Failures that say more to a merchant than that nothing was sent. */
const failureCodes: Partial<Record<string, ErrorCode>> = {
  vault_unavailable: 'vault_unavailable',
  token_already_used: 'token_already_used',
  token_expired: 'token_expired',
  cvc_token_expired: 'cvc_token_expired',
  destination_not_allowed: 'destination_not_allowed',
  live_mode_unavailable: 'live_mode_unavailable',
  not_found: 'not_found',
};

/** The answer to whoever asked for it: the record, or why nothing was sent. */
export function answerForward(
  row: ForwardRow,
  requestId: string | undefined,
): schemas.ForwardRecord | Reply {
  if (row.status !== 'not_sent') return toRecord(row);
  const code = failureCodes[row.failure ?? ''] ?? 'forward_not_sent';
  const detail = code === 'forward_not_sent' ? `Nothing was sent: ${row.failure}.` : undefined;
  const error = new ApiError(code, { forward: row.id, detail });
  return new Reply(error.status, error.toProblem(requestId ?? ''));
}
