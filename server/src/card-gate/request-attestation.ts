import { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import type { ScopedContext } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { ApiError, fieldError } from '../core/errors.ts';
import { timeMs } from '../core/id-time.ts';
import { mutate } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { findPerson } from '../keys/index.ts';
import { type AttestationRow, attestationColumns, toAttestation } from './attestation.ts';
import type { CardGateDependencies } from './dependencies.ts';
import { tellPeople } from './tell-people.ts';

const insert = statement(
  'card_gate.request',
  `INSERT INTO card_gate_attestations (organization_id, id, mode, level, assessor, document_sha256,
     valid_from, valid_until, raw_cards, reveal, key_per_hour, key_per_day, all_per_hour,
     all_per_day, requested_by, requested_by_account)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
   RETURNING ${attestationColumns}`,
);

const dayMs = 86_400_000;
const aheadDaysMax = 90;
/** Few enough that a stolen key gives little away before somebody looks. */
const usualLimits = { key_per_hour: 20, key_per_day: 100, all_per_hour: 20, all_per_day: 100 };

/**
 * Puts an attestation on file. It opens nothing until another person has approved it.
 *
 * @throws ApiError `gate_request_pending`, `invalid_request`
 */
export async function requestAttestation(
  ctx: ScopedContext,
  deps: CardGateDependencies,
  input: schemas.RequestCardGate,
): Promise<schemas.CardGateAttestation> {
  const { scope } = ctx;
  const { from, until } = checkTimes(input);
  const limits = checkLimits({ ...usualLimits, ...input.limits });
  const { raw_cards, reveal } = input.scopes;
  if (!raw_cards && !reveal) {
    const message = 'This would open nothing.';
    throw fieldError('/scopes', 'empty', message, 'Set raw_cards or reveal.');
  }
  try {
    return await mutate<schemas.CardGateAttestation>(
      ctx,
      {
        permission: 'card_gate:request',
        audit: (made) => ({ action: 'card_gate.request', object: made.id, details: { ...made } }),
      },
      async (tx) => {
        const self = await findPerson(tx, ctx, scope, 'card_gate:request');
        const [row] = await tx.query<AttestationRow>(insert, [
          scope.organization,
          newId('attestation'),
          scope.mode,
          input.level,
          input.assessor,
          input.document_sha256,
          from,
          until,
          raw_cards,
          reveal,
          limits.key_per_hour,
          limits.key_per_day,
          limits.all_per_hour,
          limits.all_per_day,
          self.member,
          self.account,
        ]);
        if (row === undefined) throw new Error('the attestation was not written');
        const made = toAttestation(row);
        tx.event({ type: 'card_gate.requested', object: made.id, data: made });
        await tellPeople(tx, deps.sealer, row, 'requested');
        return made;
      },
    );
  } catch (error) {
    if (violates(error, 'card_gate_one_request')) throw new ApiError('gate_request_pending');
    throw error;
  }
}

/** @throws ApiError `invalid_request` */
function checkTimes({ valid_from, valid_until }: schemas.RequestCardGate) {
  const now = clock.nowMs();
  const from = valid_from === undefined ? now : timeMs(valid_from);
  const until = timeMs(valid_until);
  if (until <= now || until <= from) {
    const message = until <= now ? 'This time has passed.' : 'This is not after valid_from.';
    throw fieldError('/valid_until', 'past', message, 'Name the end of a current attestation.');
  }
  if (until - from > schemas.attestationDaysMax * dayMs) {
    const message = 'An attestation counts for a year at most.';
    throw fieldError('/valid_until', 'too_late', message, 'Name an earlier time.');
  }
  if (from > now + aheadDaysMax * dayMs) {
    const message = `This is more than ${aheadDaysMax} days ahead.`;
    throw fieldError('/valid_from', 'too_late', message, 'Ask nearer to that time.');
  }
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}

/** @throws ApiError `invalid_request` when an hour may have more than its day */
function checkLimits(limits: schemas.RevealLimits): schemas.RevealLimits {
  for (const whose of ['key', 'all'] as const) {
    if (limits[`${whose}_per_hour`] <= limits[`${whose}_per_day`]) continue;
    const message = 'An hour may not have more than its day.';
    throw fieldError(`/limits/${whose}_per_hour`, 'too_large', message, 'Lower it.');
  }
  return limits;
}
