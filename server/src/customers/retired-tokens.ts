import type { Mode } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { VaultClient } from '../vault-client/index.ts';

/** What stands for a saved card, and whose it is. */
type CardToken = { organization_id: string; mode: Mode; id: string; token_id: string };

const insert = statement(
  'retired_tokens.insert',
  `INSERT INTO retired_tokens (organization_id, mode, payment_method_id, token_id)
   VALUES ($1, $2, $3, $4)`,
);
/**
 * A payment that found the token before it was replaced may be on its way, so that it gets two
 * minutes; and the card that replaces it must be in safety. With a deleted card it goes at once.
 */
const selectDue = statement(
  'retired_tokens.due',
  `SELECT r.organization_id, r.mode, r.payment_method_id AS id, r.token_id
   FROM retired_tokens r
   JOIN payment_methods m ON m.organization_id = r.organization_id AND m.id = r.payment_method_id
   WHERE CASE WHEN m.deleted_at IS NOT NULL THEN true
              ELSE m.kept_at IS NOT NULL AND r.retired_at < now() - interval '2 minutes' END
     AND ($1::text IS NULL OR (r.organization_id = $1 AND r.payment_method_id = $2))
   ORDER BY r.retired_at LIMIT 100`,
);
const remove = statement(
  'retired_tokens.delete',
  'DELETE FROM retired_tokens WHERE organization_id = $1 AND token_id = $2',
);

/** Notes, with the change that replaces it, a token whose card has to be shredded. */
export async function retireToken(tx: Tx, card: CardToken): Promise<void> {
  await tx.query(insert, [card.organization_id, card.mode, card.id, card.token_id]);
}

/**
 * Has the vault shred former tokens that are due, of one payment method or of all. Doing it twice
 * is doing it once; what fails is tried again by the worker.
 *
 * @returns how many there were
 */
export async function shredRetired(
  ctx: Context,
  vault: VaultClient,
  of?: { organization_id: string; id: string },
): Promise<number> {
  const values = [of?.organization_id ?? null, of?.id ?? null];
  const due = await ctx.db.read<CardToken>(selectDue, values);
  for (const { organization_id: organization, mode, token_id } of due) {
    try {
      await vault.shred({ organization, mode }, token_id);
      await run(ctx.db.write, remove, [organization, token_id]);
    } catch (error) {
      ctx.log.warn({ err: error, token: token_id }, 'the vault could not shred a former card');
    }
  }
  return due.length;
}
