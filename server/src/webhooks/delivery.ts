import type { Mode, schemas } from 'payos-contract';
import { type Query, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';

export const deliveryColumns = `organization_id, id, mode, endpoint_id, event_id, event_type,
  status, next_attempt_at, created_at`;

export type DeliveryRow = {
  organization_id: string;
  id: string;
  mode: Mode;
  endpoint_id: string;
  event_id: string;
  event_type: string;
  status: 'pending' | 'succeeded' | 'failed';
  next_attempt_at: string | null;
  created_at: string;
};

type AttemptRow = schemas.Delivery['attempts'][number] & { delivery_id: string };

const selectAttempts = statement(
  'deliveries.attempts',
  `SELECT delivery_id, number, started_at, duration_ms, status, error, response
   FROM webhook_attempts WHERE organization_id = $1 AND delivery_id = ANY($2::text[])
   ORDER BY delivery_id, number`,
);

/** Deliveries as the API shows them, each with its attempts. */
export async function toDeliveries(
  query: Query,
  organization: string,
  rows: readonly DeliveryRow[],
): Promise<schemas.Delivery[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const attempts = await query<AttemptRow>(selectAttempts, [organization, ids]);
  const byDelivery = Map.groupBy(attempts, (attempt) => attempt.delivery_id);
  return rows.map((row) => ({
    id: row.id,
    object: 'delivery',
    mode: row.mode,
    endpoint: row.endpoint_id,
    event: row.event_id,
    event_type: row.event_type,
    status: row.status,
    attempts: (byDelivery.get(row.id) ?? []).map(({ delivery_id: _, ...attempt }) => attempt),
    next_attempt_at: row.next_attempt_at,
    created_at: row.created_at,
  }));
}

/** One delivery as the API shows it. */
export async function toDelivery(query: Query, row: DeliveryRow): Promise<schemas.Delivery> {
  const [delivery] = await toDeliveries(query, row.organization_id, [row]);
  if (delivery === undefined) throw new Error('a delivery vanished');
  return delivery;
}

/** Also for a delivery of another tenant or mode, so that nobody learns which ids exist. */
export function noDelivery(): ApiError {
  return new ApiError('not_found', { detail: 'No such delivery.' });
}
