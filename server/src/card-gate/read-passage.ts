import type { schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { type Database, run, statement } from '../core/db.ts';
import type { Passage } from '../keys/index.ts';
import { endsAt, isOpen } from './attestation.ts';

const selectPassage = statement(
  'card_gate.passage',
  `SELECT open.raw_cards, open.reveal, open.key_per_hour, open.key_per_day, open.all_per_hour,
     open.all_per_day, (SELECT extract(epoch FROM min(at) - clock_timestamp())::float8 * 1000
       FROM card_gate_attestations a CROSS JOIN LATERAL unnest(ARRAY[valid_from, ${endsAt}]) AS at
       WHERE a.organization_id = $1 AND a.mode = $2 AND a.status = 'approved' AND at > now()
     ) AS changes_in_ms
   FROM (SELECT 1) AS one LEFT JOIN LATERAL (
     SELECT * FROM card_gate_attestations WHERE organization_id = $1 AND mode = $2 AND ${isOpen}
     ORDER BY decided_at DESC LIMIT 1) AS open ON true`,
);

type Row = { [K in keyof (schemas.GateScopes & schemas.RevealLimits)]: unknown } & {
  raw_cards: boolean | null;
  reveal: boolean | null;
  changes_in_ms: number | null;
} & schemas.RevealLimits;

const selectRecipients = statement(
  'card_gate.recipients',
  `SELECT id, public_key FROM reveal_keys
   WHERE organization_id = $1 AND mode = $2 AND status = 'approved' ORDER BY id LIMIT 10`,
);

type Recipient = { id: string; public_key: schemas.RevealPublicKey };

/** Reads the gate on the role that writes: a replica that lags would hold a closed one open. */
export async function readPassage(db: Database, { organization, mode }: Scope): Promise<Passage> {
  const values = [organization, mode];
  const [row] = await run<Row>(db.write, selectPassage, values);
  if (row === undefined) throw new Error('the gate was not read');
  const scopes = { raw_cards: row.raw_cards === true, reveal: row.reveal === true };
  const { key_per_hour, key_per_day, all_per_hour, all_per_day } = row;
  const limits = { key_per_hour, key_per_day, all_per_hour, all_per_day };
  const reveal = scopes.reveal
    ? { limits, recipients: await run<Recipient>(db.write, selectRecipients, values) }
    : null;
  return { scopes, reveal, changesInMs: row.changes_in_ms };
}
