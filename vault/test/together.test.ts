import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { type Db, openDb } from '../src/core/db.ts';
import { Refusal } from '../src/core/problem.ts';
import type { ClaimCard, ForwardOrder } from '../src/forward/claim.ts';
import { createClaims } from '../src/forward/claim-together.ts';
import { createSettlements, type SettleForward } from '../src/forward/settle.ts';
import { newAttempt, type Stage, setStage } from './stage.ts';
import { newOrganization } from './support.ts';

let stage: Stage;
let db: Db;
let claim: ClaimCard;
let settle: SettleForward;
/** Statements in the order in which they were sent. */
let sent: string[] = [];

before(async () => {
  stage = await setStage();
  const real = openDb(stage.ground.appUrl, 4, () => {});
  db = {
    run: (statement, values) => {
      sent.push(statement.name);
      return real.run(statement, values);
    },
    close: () => real.close(),
  };
  claim = createClaims(db);
  settle = createSettlements(db);
});
after(async () => {
  await db.close();
  await stage.close();
});
beforeEach(() => {
  sent = [];
});

const origin = { actor: 'payos-server', requestId: 'req_1' };
const orderOf = (token: string, more: Partial<ForwardOrder> = {}): ForwardOrder => ({
  ...stage.owned(token),
  attempt: newAttempt(),
  retain: false,
  saved: false,
  session: null,
  host: 'localhost:1',
  ...more,
});
const tokensFor = (count: number) =>
  Promise.all(Array.from({ length: count }, () => stage.createToken()));

/** All in one turn, so that they share a statement. */
async function claimAll(orders: readonly ForwardOrder[]): Promise<unknown[]> {
  const told = await Promise.allSettled(orders.map((order) => claim(order, origin)));
  return told.map((one) => {
    if (one.status === 'fulfilled') return one.value?.toString('hex');
    return one.reason instanceof Refusal ? one.reason.code : one.reason;
  });
}
async function sealedOf(token: string): Promise<string> {
  const [card] = await stage.ground.query('SELECT sealed FROM cards WHERE token_id = $1', [token]);
  return card?.['sealed'].toString('hex');
}
const rowsOf = (table: string, attempt: string) =>
  stage.ground.query(`SELECT * FROM ${table} WHERE attempt_id = $1`, [attempt]);

describe('claims that come together', () => {
  it('share a statement, and each gets its own card', async () => {
    const tokens = await tokensFor(6);
    const orders = tokens.map((token, place) => orderOf(token, { retain: place % 2 === 0 }));
    const cards = await Promise.all(tokens.map(sealedOf));
    assert.deepEqual(await claimAll(orders), cards);
    assert.deepEqual(sent, ['forwards-claim']);
    for (const { token, attempt, retain } of orders) {
      const [forward] = await rowsOf('forwards', attempt);
      assert.deepEqual(
        [forward?.['token_id'], forward?.['retain'], forward?.['state'], forward?.['host']],
        [token, retain, 'sending', 'localhost:1'],
      );
      const [entry] = await rowsOf('audit_log', attempt);
      assert.deepEqual(
        [entry?.['action'], entry?.['token_id'], entry?.['actor'], entry?.['request_id']],
        ['card.forward', token, 'payos-server', 'req_1'],
      );
      const [row] = await stage.ground.query(
        `SELECT claimed_by, expires_at > now() + interval '23 hours' AS kept FROM tokens
         WHERE id = $1 AND used_at IS NOT NULL`,
        [token],
      );
      assert.deepEqual(row, { claimed_by: attempt, kept: retain });
    }
  });

  it('give the card of one attempt once', async () => {
    const [first = '', second = ''] = await tokensFor(2);
    const twice = orderOf(second);
    const card = await sealedOf(second);
    const told = await claimAll([orderOf(first), twice, twice, twice]);
    assert.deepEqual(told.slice(1), [card, undefined, undefined]);
  });

  it('give a token to one attempt', async () => {
    const [first = '', wanted = ''] = await tokensFor(2);
    const orders = [orderOf(first), orderOf(wanted), orderOf(wanted), orderOf(wanted)];
    const told = (await claimAll(orders)).slice(1);
    const got = told.filter((one) => one !== 'token_already_used');
    assert.deepEqual(got, [await sealedOf(wanted)]);
    const [row] = await stage.ground.query('SELECT claimed_by FROM tokens WHERE id = $1', [wanted]);
    assert.equal(row?.['claimed_by'], orders[1 + told.indexOf(got[0])]?.attempt);
  });

  it('give a token that pays several times to each', async () => {
    const [first = ''] = await tokensFor(1);
    const often = await stage.createToken(undefined, {}, { single_use: false });
    const orders = [orderOf(first), orderOf(often), orderOf(often), orderOf(often)];
    const card = await sealedOf(often);
    const told = (await claimAll(orders)).slice(1);
    assert.deepEqual(told, [card, card, card]);
    const [other = '', another = ''] = await tokensFor(2);
    const kept = [orderOf(other), orderOf(another), orderOf(often, { retain: true })];
    assert.equal((await claimAll(kept))[2], 'token_already_used');
    await stage.ground.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [often]);
    const late = await claimAll([orderOf(first), orderOf(often)]);
    assert.equal(late[1], 'token_expired');
  });

  it('are told one by one why not', async () => {
    const tokens = await tokensFor(5);
    const [first = '', good = '', foreign = '', expired = '', elsewhere = ''] = tokens;
    await stage.ground.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [expired]);
    const told = await claimAll([
      orderOf(first),
      orderOf(foreign, { organization: newOrganization() }),
      orderOf(expired),
      orderOf(elsewhere, { mode: 'live' }),
      orderOf(first),
      orderOf(good, { saved: true }),
      orderOf(good),
    ]);
    const rest = ['not_found', 'token_expired', 'not_found', 'token_already_used'];
    const card = await sealedOf(good);
    assert.deepEqual(told.slice(1), [...rest, 'token_already_used', card]);
  });

  it('are not stopped by one whose attempt is known', async () => {
    const [first = '', known = '', other = '', good = ''] = await tokensFor(4);
    const done = orderOf(known);
    await claim(done, origin);
    const again = orderOf(other, { attempt: done.attempt });
    const told = await claimAll([orderOf(first), again, orderOf(good)]);
    assert.deepEqual(told.slice(1), [undefined, await sealedOf(good)]);
    const [row] = await stage.ground.query('SELECT used_at FROM tokens WHERE id = $1', [other]);
    assert.equal(row?.['used_at'], null);
  });

  it('are not stopped by one whose row is held', async () => {
    const [first = '', held = '', good = ''] = await tokensFor(3);
    const holder = new pg.Client({ connectionString: stage.ground.appUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('UPDATE tokens SET used_at = NULL WHERE id = $1', [held]);
      const told = claimAll([orderOf(first), orderOf(held), orderOf(good)]);
      assert.deepEqual((await told).slice(1), ['unavailable', await sealedOf(good)]);
    } finally {
      await holder.end();
    }
    assert.equal((await claimAll([orderOf(held)]))[0], await sealedOf(held));
  });
});

describe('outcomes that come together', () => {
  const answered = { outcome: 'answered', status: 200, body: null, detail: null } as const;
  const claimed = async (count: number, more: Partial<ForwardOrder> = {}) => {
    const orders = (await tokensFor(count)).map((token) => orderOf(token, more));
    await claimAll(orders);
    sent = [];
    return orders;
  };

  it('share a statement, and only cards that nobody wants kept are shredded', async () => {
    const orders = [...(await claimed(3)), ...(await claimed(1, { retain: true }))];
    const outcomes = [
      answered,
      { ...answered, status: 402, detail: 'response_contained_card_data' },
      { outcome: 'unknown', status: null, body: null, detail: 'timeout' } as const,
      answered,
    ];
    await Promise.all(
      orders.map(({ attempt }, place) => {
        return settle({ attempt, happened: outcomes[place] ?? answered, origin });
      }),
    );
    assert.deepEqual(sent, ['forwards-finish']);
    for (const [place, { attempt, token, retain }] of orders.entries()) {
      const { outcome, status, detail } = outcomes[place] ?? answered;
      const [forward] = await rowsOf('forwards', attempt);
      assert.deepEqual(
        [forward?.['state'], forward?.['status'], forward?.['detail']],
        [outcome, status, detail],
      );
      assert.notEqual(forward?.['finished_at'], null);
      const entry = (await rowsOf('audit_log', attempt)).at(-1);
      assert.deepEqual(
        [entry?.['action'], entry?.['detail'], entry?.['token_id'], entry?.['request_id']],
        [
          'card.forward.finish',
          [outcome, status, detail].filter(Boolean).join(' '),
          token,
          'req_1',
        ],
      );
      assert.equal((await sealedOf(token)) === undefined, !retain);
      const [row] = await stage.ground.query(
        'SELECT shredded_at IS NULL AS kept, fingerprint IS NULL AS gone FROM tokens WHERE id = $1',
        [token],
      );
      assert.deepEqual(row, { kept: retain, gone: !retain });
    }
  });

  it('are not stopped by one that PostgreSQL refuses', async () => {
    const [first, bad, good] = await claimed(3);
    const forwarded = { ...answered, status: 100_000 };
    const told = await Promise.allSettled([
      settle({ attempt: first?.attempt ?? '', happened: answered, origin }),
      settle({ attempt: bad?.attempt ?? '', happened: forwarded, origin }),
      settle({ attempt: good?.attempt ?? '', happened: answered, origin }),
    ]);
    assert.deepEqual(
      told.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal(await sealedOf(good?.token ?? ''), undefined);
    assert.equal((await rowsOf('forwards', bad?.attempt ?? ''))[0]?.['state'], 'sending');
  });
});
