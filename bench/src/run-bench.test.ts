import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { releaseCluster, useCluster } from '../../tools/harness/cluster.ts';
import { type Measured, ratioOf } from './compare.ts';
import { tinyPlan } from './plan.ts';
import { transactionsIn } from './record-sql.ts';
import { replayOf } from './recorded.ts';
import { complaintsOf, runBench } from './run-bench.ts';
import { percentile } from './statistics.ts';
import { tableOf } from './table.ts';

describe('the benchmark', () => {
  it('runs through without errors and accounts for everything', async () => {
    const cluster = await useCluster();
    try {
      const report = await runBench(cluster, tinyPlan);
      assert.deepEqual(complaintsOf(report), []);
      assert.equal(report.comparisons.length, 4);
      for (const { name, ours, limits } of report.comparisons) {
        for (const measured of [ours, ...limits.map((limit) => limit.measured)]) {
          assert.ok(measured.perSecond > 0, `${name} measured nothing`);
          assert.equal(measured.errors, 0);
        }
      }
      for (const { expected } of report.accounts) assert.ok(expected > 0);
      assert.match(tableOf(report), /payments by token.*\n.*server's SQL/);
    } finally {
      await releaseCluster();
    }
  });

  it('says what failed and what cannot be found', () => {
    const measured = { errors: 2, complaint: '500' } as Measured;
    const report = {
      comparisons: [{ name: 'reads', ours: measured, limits: [] }],
      accounts: [{ what: 'payments', expected: 3, found: 2 }],
      memory: {},
    };
    assert.deepEqual(complaintsOf(report), ['reads: 2: 500', 'payments: 3 expected, 2 found']);
  });
});

describe('statistics', () => {
  it('are nearest-rank percentiles, and ratios of the same round', () => {
    const numbers = [9, 1, 5, 3, 7];
    assert.deepEqual(
      [50, 99, 100, 1].map((percent) => percentile(numbers, percent)),
      [5, 9, 9, 1],
    );
    const ours = { rounds: [10, 50, 90] } as Measured;
    const limit = { rounds: [20, 100, 100] } as Measured;
    assert.equal(ratioOf(ours, limit), 0.5);
  });
});

describe('recorded SQL', () => {
  const log = [
    '2026-01-01 00:00:00.000 UTC [7] LOG:  statement: BEGIN',
    '2026-01-01 00:00:00.001 UTC [8] LOG:  execute other: SELECT 1',
    '2026-01-01 00:00:00.001 UTC [7] LOG:  execute a.insert: INSERT INTO a',
    '\tVALUES ($1, $2, $3)',
    "2026-01-01 00:00:00.001 UTC [7] DETAIL:  Parameters: $1 = 'pay_1111111111111111111111'," +
      " $2 = NULL, $3 = 'it''s pay_1111111111111111111111",
    "\tand pay_2222222222222222222222'",
    '2026-01-01 00:00:00.002 UTC [7] LOG:  statement: COMMIT',
    '2026-01-01 00:00:00.003 UTC [9] LOG:  execute b.find: SELECT $1',
    "2026-01-01 00:00:00.003 UTC [9] DETAIL:  Parameters: $1 = '\\x00ff'",
    '',
  ].join('\n');

  it('is read from the log of PostgreSQL by transaction', () => {
    const transactions = transactionsIn(log, new Set([7, 9]));
    const texts = transactions.map((each) => each.map(({ name, text }) => name ?? text));
    assert.deepEqual(texts, [['BEGIN', 'a.insert', 'COMMIT'], ['b.find']]);
    assert.deepEqual(transactions[0]?.[1]?.values, [
      'pay_1111111111111111111111',
      null,
      "it's pay_1111111111111111111111\nand pay_2222222222222222222222",
    ]);
  });

  it('is about another object each time, and the same one throughout', () => {
    const replay = replayOf(transactionsIn(log, new Set([7, 9])));
    const [first, second] = [replay(), replay()];
    const [id, nothing, text] = first[0]?.[1]?.values ?? [];
    assert.match(String(id), /^pay_\w{22}$/);
    assert.equal(nothing, null);
    assert.ok(String(text).includes(`${id}\n`) && !String(text).includes('2222222222'));
    assert.notEqual(second[0]?.[1]?.values[0], id);
    assert.deepEqual(first[1]?.[0]?.values, [Buffer.from([0, 255])]);
    const given = replay(new Map([['pay_1111111111111111111111', 'pay_x']]));
    assert.equal(given[0]?.[1]?.values[0], 'pay_x');
  });
});
