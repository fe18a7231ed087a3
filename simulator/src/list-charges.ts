import type { DatabaseSync } from 'node:sqlite';
import { type Answer, refuse } from './answer.ts';
import { type ChargeRow, chargeView } from './charge.ts';

const limitMax = 1_000;

/**
 * Lists charges, newest first, for reconciliation. `limit` is 20 unless given, at most 1000;
 * `after` is the id of the last charge seen.
 */
export function listCharges(db: DatabaseSync): (query: URLSearchParams) => Answer {
  const page = db.prepare('SELECT * FROM charges WHERE seq < ? ORDER BY seq DESC LIMIT ?');
  const seqOf = db.prepare('SELECT seq FROM charges WHERE id = ?');

  return (query) => {
    const limit = query.get('limit') ?? '20';
    if (!/^[0-9]{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > limitMax) {
      return refuse(400, 'invalid_request', '/limit');
    }
    const after = query.get('after');
    const seq = after === null ? Number.MAX_SAFE_INTEGER : seqOf.get(after)?.seq;
    if (seq === undefined) return refuse(400, 'invalid_request', '/after');

    const rows = page.all(seq, Number(limit) + 1) as ChargeRow[];
    const data = rows.slice(0, Number(limit)).map(chargeView);
    const more = rows.length > data.length;
    return { status: 200, body: { data, has_more: more, next: more ? data.at(-1)?.id : null } };
  };
}
