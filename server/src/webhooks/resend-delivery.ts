import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { type DeliveryRow, deliveryColumns, noDelivery, toDelivery } from './delivery.ts';

const lockDelivery = statement(
  'deliveries.lock',
  `SELECT ${deliveryColumns} FROM webhook_deliveries
   WHERE organization_id = $1 AND mode = $2 AND id = $3 FOR UPDATE`,
);
const selectLive = statement(
  'deliveries.endpoint',
  `SELECT status FROM webhook_endpoints
   WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL`,
);
const reopen = statement(
  'deliveries.reopen',
  `UPDATE webhook_deliveries SET status = 'pending', next_attempt_at = now(), finished_at = NULL
   WHERE organization_id = $1 AND id = $2 RETURNING ${deliveryColumns}`,
);
const enqueue = statement(
  'deliveries.enqueue',
  `INSERT INTO webhook_queue (organization_id, endpoint_id, delivery_id) VALUES ($1, $2, $3)
   ON CONFLICT DO NOTHING`,
);
/**
 * One that is being sent right now is left alone: its lease, or the lock of whoever settles it,
 * says so.
 */
const makeDue = statement(
  'deliveries.make_due',
  `UPDATE webhook_retries r SET due_at = now()
   FROM (
     SELECT organization_id, endpoint_id, delivery_id FROM webhook_retries
     WHERE organization_id = $1 AND endpoint_id = $2 AND delivery_id = $3 AND due_at > now()
       AND (lease_until IS NULL OR lease_until < now())
     FOR UPDATE SKIP LOCKED
   ) waiting
   WHERE r.organization_id = waiting.organization_id AND r.endpoint_id = waiting.endpoint_id
     AND r.delivery_id = waiting.delivery_id
   RETURNING r.delivery_id`,
);

/**
 * Sends an event to its endpoint once more, whatever became of it before. A delivery that waits
 * for its next attempt gets it now.
 *
 * @throws ApiError `not_found`; `invalid_request` while the endpoint is disabled
 */
export async function resendDelivery(ctx: ScopedContext, id: string): Promise<schemas.Delivery> {
  const { organization, mode } = ctx.scope;
  return mutate(
    ctx,
    {
      permission: 'webhooks:write',
      audit: () => ({ action: 'webhook_delivery.resend', object: id }),
    },
    async (tx) => {
      const [row] = await tx.query<DeliveryRow>(lockDelivery, [organization, mode, id]);
      if (row === undefined) throw noDelivery();
      await requireEnabled(tx, row);
      const place = [organization, row.endpoint_id, id];
      if (row.status === 'pending') {
        const hurried = await tx.query(makeDue, place);
        if (hurried.length === 0) return toDelivery(tx.query, row);
      } else {
        await tx.query(enqueue, place);
      }
      const [reopened] = await tx.query<DeliveryRow>(reopen, [organization, id]);
      if (reopened === undefined) throw noDelivery();
      return toDelivery(tx.query, reopened);
    },
  );
}

async function requireEnabled(tx: Tx, row: DeliveryRow): Promise<void> {
  const values = [row.organization_id, row.endpoint_id];
  const [endpoint] = await tx.query<{ status: string }>(selectLive, values);
  if (endpoint?.status === 'enabled') return;
  const detail =
    endpoint === undefined
      ? 'The endpoint of this delivery was deleted.'
      : 'The endpoint of this delivery is disabled. Enable it first.';
  throw new ApiError('invalid_request', { detail });
}
