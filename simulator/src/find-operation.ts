import type { DatabaseSync } from 'node:sqlite';
import type { Answer } from './answer.ts';
import { type ChargeRow, chargeView } from './charge.ts';
import { type OperationRow, operationView } from './operation.ts';

/** The status query: what became of a request, by its idempotency key. */
export function findOperation(db: DatabaseSync): (key: string) => Answer {
  const chargeByKey = db.prepare('SELECT * FROM charges WHERE idempotency_key = ?');
  const chargeById = db.prepare('SELECT * FROM charges WHERE id = ?');
  const operationByKey = db.prepare('SELECT * FROM operations WHERE idempotency_key = ?');

  return (key) => {
    const charged = chargeByKey.get(key) as ChargeRow | undefined;
    if (charged !== undefined) {
      const body = { found: true, kind: 'charge', charge: chargeView(charged), operation: null };
      return { status: 200, body };
    }
    const operation = operationByKey.get(key) as OperationRow | undefined;
    if (operation === undefined) return { status: 404, body: { found: false } };
    const charge = chargeView(chargeById.get(operation.charge) as ChargeRow);
    const body = { found: true, kind: operation.kind, charge, operation: operationView(operation) };
    return { status: 200, body };
  };
}
