import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBase58, isId } from 'payos-contract';
import { freePorts } from '../../tools/harness/free-ports.ts';
import { goodCard, newAttempt, type Stage, setStage } from './stage.ts';
import { type Ground, newOrganization, prepareGround, readAll, startProcessor } from './support.ts';

let ground: Ground;
let stage: Stage;
let processor: Awaited<ReturnType<typeof startProcessor>>;
let closedPort = 0;
/** The card that the processor was sent last. */
let sent: Record<string, unknown> | undefined;
let answer = (response: ServerResponse) => {
  response.end('{"status":"approved"}');
};

before(async () => {
  ground = await prepareGround();
  processor = await startProcessor(ground, async (request, response) => {
    sent = JSON.parse(await readAll(request)).card;
    answer(response);
  });
  [closedPort = 0] = await freePorts(1);
  const hosts = `localhost:${processor.port},localhost:${closedPort}`;
  stage = await setStage({ PAYOS_FORWARD_HOSTS: hosts }, ground);
});
after(async () => {
  await stage?.close();
  await processor?.close();
  await ground?.close();
});

const fields = ['number', 'exp_month', 'exp_year', 'code', 'name'];
const card = Object.fromEntries(fields.map((name) => [name, `{{card.${name}}}`]));
const forward = async (token: string, more: object = {}, url = processor.url) => {
  sent = undefined;
  return stage.ask('/internal/forward', {
    ...{ ...stage.owned(token), attempt: newAttempt(), retain: false, saved: true },
    ...{ timeout_ms: 5_000, not_after_ms: Date.now() + 60_000 },
    request: { method: 'POST', url, headers: {}, body: { card } },
    ...more,
  });
};

const session = 'cs_1111111111111111111111';
const otherSession = 'cs_2222222222222222222222';
const headersOf = (kind: string, more: object = {}) => {
  const key = stage.keyServer.addKey(stage.organization, 'test', 1000, { kind, ...more });
  return { authorization: `Bearer ${key}` };
};

const savedCard = async (details: object = goodCard) => {
  const token = await stage.createToken(details);
  await forward(token, { saved: false, retain: true });
  const kept = await stage.ask('/internal/tokens/keep', stage.owned(token));
  assert.equal(kept.status, 200, kept.text);
  return token;
};

describe('a security code by itself', () => {
  const collect = async (code = '731', headers = {}) => {
    const reply = await stage.post({ type: 'cvc', cvc: code }, headers);
    assert.equal(reply.status, 201, reply.text);
    return reply;
  };
  const codeToken = async () => (await collect()).json.id as string;
  const check = (cvc_token: string, more: object = {}) => {
    const { organization } = stage;
    return stage.ask('/internal/cvc/check', { organization, mode: 'test', cvc_token, ...more });
  };

  it('becomes a token for a quarter of an hour, and is not repeated', async () => {
    const publishable = stage.keyServer.addKey(stage.organization, 'test', 1000, {
      kind: 'publishable',
    });
    for (const key of [stage.key, publishable]) {
      const { json, text } = await collect('9731', { authorization: `Bearer ${key}` });
      const { id, created_at, expires_at, ...rest } = json;
      assert.ok(isId('cvcToken', id));
      assert.deepEqual(rest, { object: 'cvc_token', mode: 'test' });
      assert.equal(Date.parse(expires_at) - Date.parse(created_at), 15 * 60_000);
      assert.doesNotMatch(text, /9731/);
    }
    for (const cvc of ['', '12', '12345', 'abc', '１２３']) {
      const refused = await stage.post({ type: 'cvc', cvc });
      assert.equal(refused.json.code, 'invalid_card', cvc);
      assert.equal(refused.json.errors[0].pointer, '/cvc');
    }
    const more = await stage.post({ type: 'cvc', cvc: '731', card: goodCard });
    assert.equal(more.json.code, 'invalid_request');
  });

  it('goes with a saved card once, approved or declined', async () => {
    const token = await savedCard();
    const approving = answer;
    const declining = (response: ServerResponse) => {
      response.writeHead(402).end('{"status":"declined"}');
    };
    for (const behaviour of [approving, declining]) {
      answer = behaviour;
      const cvc_token = await codeToken();
      assert.equal((await check(cvc_token)).status, 200);
      await forward(token, { cvc_token });
      assert.equal(sent?.['code'], '731');
      assert.equal(sent?.['number'], goodCard.number);
      assert.equal((await check(cvc_token)).json.code, 'cvc_token_expired');
      const again = await forward(token, { cvc_token });
      assert.deepEqual(
        [again.json.outcome, again.json.detail],
        ['not_sent', 'cvc_token_expired'],
        again.text,
      );
      assert.equal(sent, undefined);
    }
    answer = approving;
    await forward(token);
    assert.equal(sent?.['code'], undefined);
  });

  it('waits for another try when nothing was sent', async () => {
    const token = await savedCard();
    const cvc_token = await codeToken();
    const refused = await forward(token, { cvc_token }, `https://localhost:${closedPort}/`);
    assert.equal(refused.json.outcome, 'not_sent');
    assert.equal((await check(cvc_token)).status, 200);
    await forward(token, { cvc_token });
    assert.equal(sent?.['code'], '731');
  });

  it('is for one of several payments at once', async () => {
    const token = await savedCard();
    const cvc_token = await codeToken();
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => forward(token, { cvc_token })),
    );
    const answered = replies.filter(({ json }) => json.outcome === 'answered');
    assert.equal(answered.length, 1);
  });

  it('is nobody else’s, and nobody can tell', async () => {
    const token = await savedCard();
    const cvc_token = await codeToken();
    const none = await check('cvc_1111111111111111111111');
    const others = [{ organization: newOrganization() }, { mode: 'live' }];
    for (const other of others) {
      const refused = await check(cvc_token, other);
      assert.equal(refused.status, 404);
      const shape = ({ request_id, ...rest }: { request_id: string }) => rest;
      assert.deepEqual(shape(refused.json), shape(none.json));
    }
    const stranger = await stage.ask('/internal/cvc/check', { cvc_token, token });
    assert.equal(stranger.status, 400);
    assert.equal((await check(cvc_token)).status, 200);
  });

  it('is in no row and no log, and does not outlive the process', async () => {
    const cvc_token = await codeToken();
    const tables = await ground.query(
      `SELECT c.relname FROM pg_class c WHERE relkind = 'r'
         AND relnamespace = 'public'::regnamespace`,
    );
    assert.ok(tables.length > 5);
    for (const { relname } of tables) {
      const found = await ground.query(
        `SELECT FROM ${relname} AS row WHERE row::text LIKE '%' || $1 || '%'`,
        [cvc_token],
      );
      assert.equal(found.length, 0, relname);
    }
    await stage.restart();
    assert.equal((await check(cvc_token)).json.code, 'cvc_token_expired');
  });
});

describe('a card that is kept once more', () => {
  it('learns funding and country, if it was stored before there was BIN data', async () => {
    const token = await savedCard();
    const { card, fingerprint } = await stage.describe(stage.owned(token));
    assert.equal(card.funding, 'credit');
    const forget = 'UPDATE tokens SET funding = NULL, country = NULL WHERE id = $1';
    await ground.query(forget, [token]);
    for (const other of [{ organization: newOrganization() }, { mode: 'live' }]) {
      const refused = await stage.ask('/internal/tokens/keep', { ...stage.owned(token), ...other });
      assert.equal(refused.status, 404);
    }
    const former = await stage.describe(stage.owned(token));
    assert.deepEqual([former.card.funding, former.card.country], [null, null]);
    for (const name of ['payos-worker', 'payos-server']) {
      const kept = await stage.ask('/internal/tokens/keep', stage.owned(token), name);
      assert.deepEqual(kept.json.card, card, kept.text);
      assert.equal(kept.json.fingerprint, fingerprint);
    }
    const entries = await ground.query(
      `SELECT detail FROM audit_log WHERE token_id = $1 AND action = 'token.keep' ORDER BY id`,
      [token],
    );
    assert.deepEqual(
      entries.map(({ detail }) => detail),
      [null, 'funding and country'],
    );
    await ground.query(forget, [token]);
    await ground.query(`UPDATE cards SET sealed = sealed || 'x' WHERE token_id = $1`, [token]);
    const closed = await stage.ask('/internal/tokens/keep', stage.owned(token));
    assert.deepEqual([closed.status, closed.json.card.funding], [200, null], closed.text);
  });
});

describe('a card that is sealed anew', () => {
  const newToken = () => `tok_${encodeBase58(randomBytes(16))}`;
  const renew = (token: string, more: object = {}) =>
    stage.ask('/internal/tokens/renew', {
      ...stage.owned(token),
      ...{ new_token: newToken(), exp_month: 3, exp_year: 2039 },
      ...more,
    });

  it('has the new expiry and name in the ciphertext, and the same number', async () => {
    const token = await savedCard();
    const old = await stage.describe(stage.owned(token));
    const renewed = await renew(token, { name: 'Grace Hopper' });
    assert.equal(renewed.status, 200, renewed.text);
    const { token: next, card: shown, fingerprint, used, single_use } = renewed.json;
    assert.deepEqual(shown, { ...old.card, exp_month: 3, exp_year: 2039 });
    assert.equal(fingerprint, old.fingerprint);
    // Nobody pays with it before it is kept.
    assert.deepEqual([single_use, used], [true, true]);
    await stage.ask('/internal/tokens/keep', stage.owned(next));
    await forward(next);
    assert.deepEqual(sent, {
      ...{ number: goodCard.number, exp_month: 3, exp_year: 2039, name: 'Grace Hopper' },
    });
    await forward(token);
    assert.equal(sent?.['exp_year'], goodCard.exp_year);
    const again = await renew(token);
    await stage.ask('/internal/tokens/keep', stage.owned(again.json.token));
    await forward(again.json.token);
    assert.equal(sent?.['name'], goodCard.name);
  });

  it('is sealed once per new token, and for a saved card only', async () => {
    const token = await savedCard();
    const new_token = newToken();
    const both = await Promise.all([renew(token, { new_token }), renew(token, { new_token })]);
    for (const { status, text } of both) assert.equal(status, 200, text);
    const cards = await ground.query('SELECT FROM cards WHERE token_id = $1', [new_token]);
    assert.equal(cards.length, 1);
    const fresh = await stage.createToken();
    assert.equal((await renew(fresh)).status, 404);
    assert.equal((await renew(token, { exp_year: 2020 })).json.code, 'card_expired');
    assert.equal((await renew(token, { name: '4242 4242 4242' })).json.code, 'invalid_card');
    await stage.ask('/internal/tokens/delete', stage.owned(token));
    assert.equal((await renew(token)).status, 404);
  });

  it('is another’s for nobody', async () => {
    const token = await savedCard();
    for (const other of [{ organization: newOrganization() }, { mode: 'live' }]) {
      assert.equal((await renew(token, other)).status, 404);
    }
    // Nor can the new token be one that is there already, of whomever.
    const organization = newOrganization();
    const authorization = `Bearer ${stage.keyServer.addKey(organization)}`;
    const theirs = await stage.createToken(goodCard, { authorization });
    assert.equal((await renew(token, { new_token: theirs })).status, 404);
    const byWorker = await stage.ask(
      '/internal/tokens/renew',
      { ...stage.owned(token), new_token: newToken(), exp_month: 3, exp_year: 2039 },
      'payos-worker',
    );
    assert.equal(byWorker.status, 403);
  });

  it('goes by itself after a day, unless it is kept', async () => {
    const token = await savedCard();
    const { token: next } = (await renew(token)).json;
    await ground.query(
      `UPDATE tokens SET expires_at = expires_at - interval '24 hours' WHERE id = $1`,
      [next],
    );
    await stage.restart();
    const cards = async (id: string) =>
      (await ground.query('SELECT FROM cards WHERE token_id = $1', [id])).length;
    for (let tries = 0; tries < 100 && (await cards(next)) > 0; tries += 1) await sleep(50);
    assert.deepEqual([await cards(next), await cards(token)], [0, 1]);
  });
});

describe('a token with a life of its own', () => {
  const often = { single_use: false, expires_in: 86_400 };
  const reusable = () => stage.createToken(goodCard, {}, often);
  const pay = (token: string, more: object = {}, url?: string) =>
    forward(token, { saved: false, ...more }, url);
  const seconds = ({ created_at, expires_at }: Record<string, string>) =>
    (Date.parse(expires_at ?? '') - Date.parse(created_at ?? '')) / 1000;
  const keyOf = (kind: string) => headersOf(kind, kind === 'publishable' ? {} : { key: session });
  const state = async (token: string) => {
    const [row] = await ground.query(
      `SELECT fingerprint IS NULL AS bare, shredded_at IS NOT NULL AS shredded,
         (SELECT count(*)::int FROM cards WHERE token_id = id) AS cards FROM tokens WHERE id = $1`,
      [token],
    );
    return row;
  };
  const gone = { bare: true, shredded: true, cards: 0 };
  const there = { bare: false, shredded: false, cards: 1 };
  const end = (token: string) =>
    ground.query('UPDATE tokens SET expires_at = now() WHERE id = $1', [token]);

  it('lives as long as it was given, also after nothing was sent', async () => {
    for (const expires_in of [60, 600, 86_400]) {
      const made = await stage.post({ type: 'card', card: goodCard, expires_in });
      assert.deepEqual([made.status, made.json.single_use], [201, true], made.text);
      assert.equal(seconds(made.json), expires_in);
      const { id } = made.json;
      // Retained and released: not an hour, not a day.
      await pay(id, { retain: true }, `https://localhost:${closedPort}/`);
      const described = await stage.describe(stage.owned(id));
      assert.deepEqual([seconds(described), described.used], [expires_in, false]);
    }
  });

  it('is as weak as can be where a page asks for it', async () => {
    for (const kind of ['publishable', 'checkout_session']) {
      const headers = keyOf(kind);
      const ask = (more: object) => stage.post({ type: 'card', card: goodCard, ...more }, headers);
      assert.equal((await ask({ single_use: false })).json.code, 'permission_denied', kind);
      const longer = await ask({ expires_in: 3601 });
      assert.deepEqual([longer.status, longer.json.code], [400, 'invalid_request'], kind);
      assert.equal(longer.json.errors[0].pointer, '/expires_in');
      const shorter = await ask({ expires_in: 60, single_use: true });
      assert.equal(seconds(shorter.json), 60, shorter.text);
    }
  });

  it('is another request under the same Idempotency-Key, if it is to live otherwise', async () => {
    const ask = (more: object) =>
      stage.post({ type: 'card', card: goodCard, ...more }, { 'idempotency-key': 'life-1' });
    const first = await ask(often);
    const again = await ask(often);
    assert.deepEqual(again.json, first.json);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    for (const more of [{}, { ...often, expires_in: 3600 }, { expires_in: 86_400 }]) {
      assert.equal((await ask(more)).json.code, 'idempotency_mismatch', JSON.stringify(more));
    }
  });

  it('pays several times until it expires, with the security code once', async () => {
    const token = await reusable();
    const codes: unknown[] = [];
    for (const _ of [1, 2, 3]) {
      assert.equal((await pay(token)).json.outcome, 'answered');
      codes.push(sent?.['code']);
      assert.equal(sent?.['number'], goodCard.number);
    }
    assert.deepEqual(codes, ['731', undefined, undefined]);
    const { single_use, saved, used, expired } = await stage.describe(stage.owned(token));
    assert.deepEqual([single_use, saved, used, expired], [false, false, false, false]);
    assert.deepEqual(await state(token), there);
    await end(token);
    assert.equal((await pay(token)).json.code, 'token_expired');
    assert.equal(sent, undefined);
  });

  it('pays for all at once, the code goes with one; a single-use one pays for one', async () => {
    for (const [life, paid] of [
      [often, 5],
      [{}, 1],
    ] as const) {
      const token = await stage.createToken(goodCard, {}, life);
      const codes: unknown[] = [];
      const before = answer;
      // None is answered before all that will come are there.
      const held: ServerResponse[] = [];
      answer = (response) => {
        codes.push(sent?.['code']);
        held.push(response);
        if (held.length === paid) for (const one of held) before(one);
      };
      const replies = await Promise.all(Array.from({ length: 5 }, () => pay(token)));
      answer = before;
      const answered = replies.filter(({ json }) => json.outcome === 'answered');
      assert.equal(answered.length, paid);
      assert.deepEqual(
        codes.filter((code) => code === '731'),
        ['731'],
      );
      const rest = replies.filter(({ json }) => json.outcome === undefined);
      for (const { json } of rest) assert.equal(json.code, 'token_already_used');
    }
  });

  it('keeps the code for another try when nothing was sent', async () => {
    const token = await reusable();
    const nowhere = `https://localhost:${closedPort}/`;
    assert.equal((await pay(token, {}, nowhere)).json.outcome, 'not_sent');
    await pay(token);
    assert.equal(sent?.['code'], '731');
  });

  it('has its code back after a lost answer only while nobody has paid', async () => {
    const headers = { 'idempotency-key': 'life-2' };
    const token = await stage.createToken(goodCard, headers, often);
    await stage.restart();
    assert.equal(await stage.createToken(goodCard, headers, often), token);
    await pay(token);
    assert.equal(sent?.['code'], '731');
    assert.equal(await stage.createToken(goodCard, headers, often), token);
    await pay(token);
    assert.equal(sent?.['code'], undefined);
  });

  it('keeps a code that is sent again no longer than it lives itself', async () => {
    const headers = { 'idempotency-key': 'life-3' };
    const life = { single_use: false, expires_in: 60 };
    const token = await stage.createToken(goodCard, headers, life);
    await stage.restart();
    const shift = (by: string) =>
      ground.query(
        `UPDATE tokens SET created_at = created_at - $2::interval,
           expires_at = expires_at - $2::interval WHERE id = $1`,
        [token, by],
      );
    await shift('58 seconds');
    assert.equal(await stage.createToken(goodCard, headers, life), token);
    await sleep(2_000);
    await shift('-58 seconds');
    await pay(token);
    assert.deepEqual([sent?.['number'], sent?.['code']], [goodCard.number, undefined]);
  });

  it('is no saved card, and does not become one', async () => {
    const token = await reusable();
    assert.equal((await pay(token, { saved: true })).json.code, 'token_already_used');
    assert.equal((await pay(token, { retain: true })).json.code, 'token_already_used');
    const kept = await stage.ask('/internal/tokens/keep', stage.owned(token));
    assert.equal(kept.json.code, 'token_already_used');
    const order = { ...stage.owned(token), new_token: `tok_${encodeBase58(randomBytes(16))}` };
    const renewed = { ...order, exp_month: 3, exp_year: 2039 };
    assert.equal((await stage.ask('/internal/tokens/renew', renewed)).status, 404);
    const [revealed] = await ground.query(
      `SELECT sealed FROM claim_reveal('rvl_1', $1, 'test', 'key_1', $2, 'req_1', 'why',
         9, 9, 9, 9)`,
      [stage.organization, token],
    );
    assert.equal(revealed, undefined);
    assert.equal((await pay(token)).json.outcome, 'answered');
  });

  it('is another’s for nobody', async () => {
    const token = await reusable();
    for (const other of [{ organization: newOrganization() }, { mode: 'live' }]) {
      const status = (await pay(token, other)).status;
      assert.ok(status === 404 || status === 403, String(status));
      assert.equal(sent, undefined);
    }
  });

  it('leaves nothing when it is deleted, or has ended', async () => {
    const [deleted, ended, living] = [await reusable(), await reusable(), await reusable()];
    for (const token of [deleted, ended, living]) await pay(token);
    await stage.ask('/internal/tokens/delete', stage.owned(deleted));
    assert.deepEqual(await state(deleted), gone);
    assert.equal((await pay(deleted)).status, 404);
    await end(ended);
    await stage.restart();
    for (let tries = 0; tries < 100 && (await state(ended))?.['cards'] > 0; tries += 1)
      await sleep(50);
    assert.deepEqual(await state(ended), gone);
    assert.deepEqual(await state(living), there);
    assert.equal((await pay(ended)).json.code, 'token_expired');
  });
});

describe('what is made on the page of a checkout session', () => {
  const ofPage = () => headersOf('checkout_session', { key: session });
  const onPage = () => stage.createToken(goodCard, ofPage());
  const pay = (token: string, more: object = {}) => forward(token, { saved: false, ...more });
  const shape = ({ status, json: { request_id, ...rest } }: Awaited<ReturnType<typeof pay>>) => ({
    status,
    ...rest,
  });

  it('pays that session alone, and the code goes with it', async () => {
    const [token, ofServer] = [await onPage(), await stage.createToken()];
    const none = shape(await pay('tok_1111111111111111111111'));
    assert.deepEqual([none.status, none.code], [404, 'not_found']);
    for (const more of [{}, { retain: true }, { checkout_session: otherSession }]) {
      assert.deepEqual(shape(await pay(token, more)), none);
    }
    assert.deepEqual(shape(await pay(ofServer, { checkout_session: session })), none);
    const { made_with, checkout_session } = await stage.describe(stage.owned(token));
    assert.deepEqual([made_with, checkout_session], ['checkout_session', session]);
    const paid = await pay(token, { checkout_session: session });
    assert.equal(paid.json.outcome, 'answered', paid.text);
    assert.equal(sent?.['code'], goodCard.cvc);
  });

  it('pays it where several are stored and claimed in one statement', async () => {
    const headers = ofPage();
    const make = () => stage.createToken(goodCard, headers);
    const [first = '', ...tokens] = await Promise.all(Array.from({ length: 8 }, make));
    const replies = await Promise.all([
      pay(first),
      ...tokens.flatMap((token) => {
        const others = [{ checkout_session: otherSession }, {}].map((more) => pay(token, more));
        return [...others, pay(token, { checkout_session: session })];
      }),
    ]);
    const answered = replies.filter(({ json }) => json.outcome === 'answered');
    assert.equal(answered.length, tokens.length);
    const refused = replies.filter(({ status }) => status === 404);
    assert.equal(refused.length, 1 + 2 * tokens.length);
  });

  it('is saved by a payment of that session, and a saved card like others then', async () => {
    const token = await onPage();
    const keep = () => stage.ask('/internal/tokens/keep', stage.owned(token));
    assert.equal((await keep()).json.code, 'token_already_used');
    await pay(token, { checkout_session: session, retain: true });
    assert.equal((await keep()).status, 200);
    assert.equal((await forward(token)).json.outcome, 'answered');
    const again = await forward(token, { checkout_session: otherSession });
    assert.equal(again.json.outcome, 'answered');
  });

  it('serves that session alone where it is a code by itself', async () => {
    const token = await savedCard();
    const made = await stage.post({ type: 'cvc', cvc: '731' }, ofPage());
    const cvc_token = made.json.id as string;
    for (const more of [{}, { checkout_session: otherSession }]) {
      const refused = await forward(token, { cvc_token, ...more });
      assert.equal(refused.json.detail, 'cvc_token_expired', refused.text);
      assert.equal(sent, undefined);
    }
    await forward(token, { cvc_token, checkout_session: session });
    assert.equal(sent?.['code'], '731');
  });

  it('pays as before when it is from before that was written down', async () => {
    const tokens = [await stage.createToken(), await stage.createToken()];
    await ground.query('UPDATE tokens SET made_with = NULL WHERE id = ANY ($1)', [tokens]);
    for (const [index, token] of tokens.entries()) {
      const paid = await pay(token, index === 0 ? {} : { checkout_session: session });
      assert.equal(paid.json.outcome, 'answered', paid.text);
    }
  });
});
