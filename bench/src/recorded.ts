import { randomBytes } from 'node:crypto';
import { encodeBase58 } from 'payos-contract';

/** One statement as a process sent it. */
export type Statement = {
  /** Of a prepared statement. */
  name: string | undefined;
  text: string;
  values: (string | null)[];
};

/** Statements that were one transaction. */
export type Transaction = Statement[];

type Value = string | Buffer | null;
type Fill = (ids: Map<string, string>) => Value;
export type Filled = { name: string | undefined; text: string; values: Value[] };
/**
 * Makes the next execution: the same statements, about an object of its own.
 *
 * @param ids by the recorded ones that they replace; those that are missing are made and added
 */
export type Replay = (ids?: Map<string, string>) => Filled[][];

/** Ids that are another for every object; those of the organization and the key stay. */
const fresh = /\b(pay|att|evt|tok|req|idem)_[1-9A-HJ-NP-Za-km-z]{22}\b/;

/**
 * Makes recorded transactions repeatable: wherever one of its ids stood, a fresh one stands, the
 * same one in all statements of an execution.
 */
export function replayOf(transactions: readonly Transaction[]): Replay {
  const prepared = transactions.map((transaction) =>
    transaction.map(({ name, text, values }) => ({ name, text, fills: values.map(fillOf) })),
  );
  return (ids = new Map()) =>
    prepared.map((transaction) =>
      transaction.map(({ name, text, fills }) => ({
        name,
        text,
        values: fills.map((fill) => fill(ids)),
      })),
    );
}

function fillOf(value: string | null): Fill {
  if (value === null) return () => null;
  if (/^\\x([0-9a-f]{2})*$/.test(value)) {
    const bytes = Buffer.from(value.slice(2), 'hex');
    return () => bytes;
  }
  const parts = value.split(new RegExp(`(${fresh.source.replace('(', '(?:')})`));
  if (parts.length === 1) return () => value;
  return (ids) => {
    const filled = parts.map((part, index) => (index % 2 === 0 ? part : idFor(part, ids)));
    return filled.join('');
  };
}

function idFor(recorded: string, ids: Map<string, string>): string {
  const known = ids.get(recorded);
  if (known !== undefined) return known;
  const prefix = recorded.slice(0, recorded.indexOf('_'));
  const bytes = randomBytes(16);
  // Ordered by time where PayOS orders by time, so that the indexes grow in the same way.
  if (/pay|att|evt/.test(prefix)) bytes.writeUIntBE(Date.now(), 0, 6);
  const id = `${prefix}_${encodeBase58(bytes)}`;
  ids.set(recorded, id);
  return id;
}
