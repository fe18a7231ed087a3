import type { DatabaseSync } from 'node:sqlite';
import { type Answer, refuse } from './answer.ts';
import type { ChargeRow } from './charge.ts';
import { now } from './clock.ts';
import { inTransaction } from './database.ts';
import { newId } from './random.ts';

export type OperationKind = 'capture' | 'void' | 'refund';

/** A row of `operations`: something done, or refused, on a charge. */
export type OperationRow = {
  id: string;
  idempotency_key: string;
  charge: string;
  kind: OperationKind;
  status: 'succeeded' | 'failed';
  amount: number;
  error: string | null;
  created_at: number;
};

/** What makes one kind of operation: when it fails, and what it changes. */
export type OperationRule = {
  kind: OperationKind;
  /** The error with which it fails, or `null`. */
  fails: (charge: ChargeRow, amount: number) => string | null;
  /** Changes the charge; parameters `:charge` and `:amount`. */
  change: string;
  /** Whether a card that drops connections after operations does so here. */
  drops: boolean;
};

/** An operation as the API shows it. */
export function operationView(row: OperationRow) {
  const { id, charge, kind, status, amount, error } = row;
  return { id, charge, kind, status, amount, error };
}

/**
 * Performs operations of one kind, each once per idempotency key. The check and the change are one
 * write transaction, so that two of them never both use the same money.
 */
export function operate(db: DatabaseSync, rule: OperationRule) {
  const byKey = db.prepare('SELECT * FROM operations WHERE idempotency_key = ?');
  const chargeByKey = db.prepare('SELECT 1 FROM charges WHERE idempotency_key = ?');
  const chargeById = db.prepare('SELECT * FROM charges WHERE id = ?');
  const change = db.prepare(rule.change);
  const insert = db.prepare(
    `INSERT INTO operations (id, idempotency_key, charge, kind, status, amount, error, created_at)
     VALUES (:id, :idempotency_key, :charge, :kind, :status, :amount, :error, :created_at)`,
  );

  /** `amount` in minor units; `undefined`: all of the charge. */
  return (chargeId: string, key: string, amount: number | undefined): Answer =>
    inTransaction(db, () => {
      const charge = chargeById.get(chargeId) as ChargeRow | undefined;
      if (charge === undefined) return refuse(404, 'not_found');
      const earlier = byKey.get(key) as OperationRow | undefined;
      if (earlier !== undefined) return replay(earlier, rule.kind, chargeId);
      if (chargeByKey.get(key)) return refuse(400, 'idempotency_key_reused');

      const row = newRow(rule, charge, key, amount ?? charge.amount);
      if (row.error === null) change.run({ charge: charge.id, amount: row.amount });
      insert.run(row);
      const drop = rule.drops && charge.behaviour === 'drop_after_operation';
      return { status: 200, body: operationView(row), recorded: true, drop };
    });
}

function replay(earlier: OperationRow, kind: OperationKind, charge: string): Answer {
  const same = earlier.kind === kind && earlier.charge === charge;
  if (!same) return refuse(400, 'idempotency_key_reused');
  return { status: 200, body: operationView(earlier) };
}

function newRow(rule: OperationRule, charge: ChargeRow, key: string, amount: number): OperationRow {
  const time = now();
  const error = rule.fails(charge, amount);
  return {
    id: newId('op', time),
    idempotency_key: key,
    charge: charge.id,
    kind: rule.kind,
    status: error === null ? 'succeeded' : 'failed',
    amount,
    error,
    created_at: time,
  };
}
