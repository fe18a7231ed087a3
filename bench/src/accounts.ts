import pg from 'pg';
import type { Stage } from './stage.ts';

/** One thing that was counted twice: what was answered, and what the database holds. */
export type Account = { what: string; expected: number; found: number };

/** Compares what callers were told with what is on disk. */
export async function accountFor(stage: Stage, replayed: number): Promise<Account[]> {
  const { payments, tokens } = stage.answered;
  const control = await stage.payos.connect('control');
  const vault = await stage.payos.connect('vault');
  const limit = new pg.Client({ connectionString: stage.limitUrls.control });
  await limit.connect();
  const count = async (client: pg.Client, query: string) => {
    const { rows } = await client.query<{ count: string }>(query);
    return Number(rows[0]?.count);
  };
  const paid = "FROM payments WHERE status = 'succeeded'";
  try {
    return [
      {
        what: 'payments answered and stored as succeeded',
        expected: payments,
        found: await count(control, `SELECT count(*) ${paid}`),
      },
      {
        what: 'payments stored at all',
        expected: payments,
        found: await count(control, 'SELECT count(*) FROM payments'),
      },
      {
        what: 'attempts, one succeeded for each payment',
        expected: payments,
        found: await count(
          control,
          `SELECT count(DISTINCT payment_id) FROM attempts WHERE state = 'succeeded'`,
        ),
      },
      {
        what: 'tokens answered and stored',
        expected: tokens,
        found: await count(vault, 'SELECT count(*) FROM tokens'),
      },
      {
        what: 'payments replayed as bare SQL',
        expected: replayed,
        found: await count(limit, `SELECT count(*) ${paid}`),
      },
    ];
  } finally {
    await Promise.all([control.end(), vault.end(), limit.end()]);
  }
}
