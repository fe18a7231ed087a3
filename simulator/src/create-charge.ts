import type { DatabaseSync } from 'node:sqlite';
import { isCurrency } from 'payos-contract';
import { type Answer, refuse } from './answer.ts';
import { brandOf } from './brand.ts';
import { judge, slowAnswerMs, type Verdict } from './cards.ts';
import { type ChargeRow, firstAnswer } from './charge.ts';
import { now } from './clock.ts';
import { passesLuhn } from './luhn.ts';
import { newId } from './random.ts';
import type { CreateCharge } from './schemas.ts';

/**
 * Makes a charge, once per idempotency key. It is recorded before the answer is delayed or cut
 * off, so that a status query always tells the truth about it.
 */
export function createCharge(db: DatabaseSync): (body: CreateCharge) => Answer {
  const insert = db.prepare(
    `INSERT INTO charges (id, idempotency_key, status, amount, currency, capture,
       amount_captured, amount_refunded, decline_code, cvc_check, brand, last4, behaviour,
       created_at)
     VALUES (:id, :idempotency_key, :status, :amount, :currency, :capture,
       :amount_captured, :amount_refunded, :decline_code, :cvc_check, :brand, :last4, :behaviour,
       :created_at)
     ON CONFLICT (idempotency_key) DO NOTHING`,
  );
  const byKey = db.prepare('SELECT * FROM charges WHERE idempotency_key = ?');
  const operation = db.prepare('SELECT 1 FROM operations WHERE idempotency_key = ?');

  return (body) => {
    const currency = body.currency.toUpperCase();
    if (!isCurrency(currency)) return refuse(400, 'invalid_request', '/currency');
    if (!passesLuhn(body.card.number)) return refuse(400, 'invalid_request', '/card/number');
    if (operation.get(body.idempotency_key)) return refuse(400, 'idempotency_key_reused');

    const verdict = judge(body.card.number, body.card.code, body.initiated_by);
    if (verdict.behaviour === 'outage') return refuse(503, 'outage');
    if (verdict.behaviour === 'internal_error') return refuse(500, 'internal');

    const row = newRow(body, currency, verdict);
    if (insert.run(row).changes === 1) {
      return {
        status: 200,
        body: firstAnswer({ ...row, seq: 0 }),
        recorded: true,
        drop: verdict.behaviour === 'drop_after_charge',
        waitMs: verdict.behaviour === 'slow' ? slowAnswerMs : 0,
      };
    }
    return { status: 200, body: firstAnswer(byKey.get(body.idempotency_key) as ChargeRow) };
  };
}

function newRow(body: CreateCharge, currency: string, verdict: Verdict): Omit<ChargeRow, 'seq'> {
  const time = now();
  const approved = body.capture ? 'captured' : 'authorized';
  return {
    id: newId('ch', time),
    idempotency_key: body.idempotency_key,
    status: verdict.decline === null ? approved : 'declined',
    amount: body.amount,
    currency,
    capture: body.capture ? 1 : 0,
    amount_captured: verdict.decline === null && body.capture ? body.amount : 0,
    amount_refunded: 0,
    decline_code: verdict.decline,
    cvc_check: verdict.cvcCheck,
    brand: brandOf(body.card.number),
    last4: body.card.number.slice(-4),
    behaviour: verdict.behaviour,
    created_at: time,
  };
}
