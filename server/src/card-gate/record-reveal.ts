import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { isLiving } from '../keys/index.ts';
import { isOpen } from './attestation.ts';
import { type RevealRow, revealColumns, toReveal } from './reveal-row.ts';

/** Held, so that what closes the gate meanwhile comes before or after, and is told apart. */
const holdGate = statement(
  'reveals.hold_gate',
  `SELECT id FROM card_gate_attestations
   WHERE organization_id = $1 AND mode = $2 AND reveal AND ${isOpen} FOR SHARE`,
);
const selectParties = statement(
  'reveals.parties',
  `SELECT EXISTS (SELECT FROM reveal_keys WHERE organization_id = $1 AND mode = $2 AND id = $3
       AND status = 'approved') AS recipient,
     EXISTS (SELECT FROM api_keys WHERE organization_id = $1 AND mode = $2 AND id = $4
       AND disabled_at IS NULL AND 'cards:reveal' = ANY (permissions) AND ${isLiving}
       AND (customers = '{}' OR EXISTS (SELECT FROM payment_methods m
         WHERE m.organization_id = $1 AND m.mode = $2 AND m.token_id = $5
           AND m.deleted_at IS NULL AND m.customer_id = ANY (customers)))) AS key`,
);
const insert = statement(
  'reveals.insert',
  `INSERT INTO reveals (organization_id, mode, id, token_id, payment_method_id, key_id,
     recipient_id, reason_code, reason_text, address)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::inet)
   ON CONFLICT (organization_id, id) DO NOTHING RETURNING ${revealColumns}`,
);
const selectToken = statement(
  'reveals.token',
  `SELECT token_id FROM payment_methods
   WHERE organization_id = $1 AND mode = $2 AND id = $3 AND deleted_at IS NULL`,
);

/** Which token a saved card has. @throws ApiError `not_found` */
export async function findCard(
  ctx: Context,
  { organization, mode, payment_method }: schemas.FindCard,
): Promise<{ token: string }> {
  const values = [organization, mode, payment_method];
  const [row] = await ctx.db.read<{ token_id: string }>(selectToken, values);
  if (row === undefined) throw new ApiError('not_found');
  return { token: row.token_id };
}

/**
 * Puts on record that a card is handed out, before it is: whatever the vault remembers, the gate,
 * the key and whom the card is sealed to must be good at this moment.
 *
 * @throws ApiError `card_gate_closed`, `permission_denied`, `reveal_key_unusable`
 */
export async function recordReveal(
  ctx: Context,
  input: schemas.RecordReveal,
): Promise<{ recorded: true }> {
  const { organization, mode, key, recipient } = input;
  const scope = { organization, mode };
  return mutate<{ recorded: true; isNew: boolean }>(
    ctx,
    {
      permission: 'system',
      scope,
      audit: ({ isNew }) => {
        const { id, token, payment_method, reason } = input;
        const details = { token, payment_method, recipient, reason };
        const actor = { type: 'api_key', id: key } as const;
        return isNew ? { action: 'card.reveal', object: id, details, actor } : undefined;
      },
    },
    async (tx) => {
      const [gate] = await tx.query(holdGate, [organization, mode]);
      if (gate === undefined) throw new ApiError('card_gate_closed');
      const [good] = await tx.query<{ recipient: boolean; key: boolean }>(selectParties, [
        organization,
        mode,
        recipient,
        key,
        input.token,
      ]);
      if (good?.key !== true) throw new ApiError('permission_denied');
      if (!good.recipient) throw new ApiError('reveal_key_unusable');
      const [row] = await tx.query<RevealRow>(insert, [
        organization,
        mode,
        input.id,
        input.token,
        input.payment_method,
        key,
        recipient,
        input.reason.code,
        input.reason.text,
        input.address,
      ]);
      if (row !== undefined) {
        tx.event({ type: 'card.revealed', object: input.id, data: toReveal(row) });
      }
      return { recorded: true, isNew: row !== undefined };
    },
  );
}
