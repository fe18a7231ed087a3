import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { type DeliveryRow, deliveryColumns, noDelivery, toDelivery } from './delivery.ts';

const selectDelivery = statement(
  'deliveries.get',
  `SELECT ${deliveryColumns} FROM webhook_deliveries
   WHERE organization_id = $1 AND mode = $2 AND id = $3`,
);

/** One delivery with all its attempts. @throws ApiError `not_found` */
export async function getDelivery(ctx: ScopedContext, id: string): Promise<schemas.Delivery> {
  const values = [ctx.scope.organization, ctx.scope.mode, id];
  const [row] = await ctx.db.read<DeliveryRow>(selectDelivery, values);
  if (row === undefined) throw noDelivery();
  return toDelivery(ctx.db.read, row);
}
