import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePorts } from '../../tools/harness/free-ports.ts';
import { goodCard, newAttempt, type Stage, setStage } from './stage.ts';
import { type Ground, newOrganization, prepareGround, readAll, startProcessor } from './support.ts';

const number = goodCard.number;
let ground: Ground;
let stage: Stage;
let processor: Awaited<ReturnType<typeof startProcessor>>;
let closedPort = 0;
/** What the processor got, and how it answers: set by each test. */
let got: { headers: IncomingMessage['headers']; body: string }[] = [];
type Behaviour = (body: string, response: ServerResponse, request: IncomingMessage) => void;
let behave: Behaviour;
const approve: Behaviour = (_body, response) => response.end('{"status":"approved"}');

before(async () => {
  ground = await prepareGround();
  processor = await startProcessor(ground, async (request, response) => {
    const body = await readAll(request).catch(() => '');
    got.push({ headers: request.headers, body });
    behave(body, response, request);
  });
  [closedPort = 0] = await freePorts(1);
  const hosts = `localhost:${processor.port},localhost:${closedPort}`;
  stage = await setStage({ PAYOS_FORWARD_HOSTS: hosts }, ground);
});
after(async () => {
  await stage.close();
  await processor.close();
  await ground.close();
});
beforeEach(() => {
  got = [];
  behave = approve;
});

const template = {
  amount: 1999,
  card: {
    number: '{{card.number}}',
    exp_month: '{{card.exp_month}}',
    exp_year: '{{card.exp_year}}',
    code: '{{card.code}}',
    name: '{{card.name}}',
  },
};

type More = Record<string, unknown> & { request?: object };
const order = (token: string, { request, ...more }: More = {}) => ({
  ...stage.owned(token),
  attempt: newAttempt(),
  retain: false,
  timeout_ms: 5_000,
  saved: false,
  not_after_ms: Date.now() + 60_000,
  request: {
    method: 'POST',
    url: processor.url,
    headers: { authorization: 'Bearer of-the-processor' },
    body: template,
    ...request,
  },
  ...more,
});
const forward = (body: object) => stage.ask('/internal/forward', body);
const describeToken = (token: string) => stage.describe(stage.owned(token));
const cardsOf = async (token: string) =>
  (await ground.query('SELECT FROM cards WHERE token_id = $1', [token])).length;

describe('a forward', () => {
  it('fills the card in, passes the answer on, and shreds the card', async () => {
    const token = await stage.createToken({ ...goodCard, name: 'O"Brien {{card.number}}' });
    const reply = await forward(order(token));
    assert.equal(reply.status, 200, reply.text);
    const body = { status: 'approved' };
    assert.deepEqual(reply.json, { outcome: 'answered', status: 200, body, detail: null });
    const sent = JSON.parse(got[0]?.body ?? '');
    const card = { number, exp_month: 12, exp_year: 2040, code: '731' };
    assert.deepEqual(sent, { amount: 1999, card: { ...card, name: 'O"Brien {{card.number}}' } });
    assert.equal(got[0]?.headers.authorization, 'Bearer of-the-processor');
    assert.equal(await cardsOf(token), 0);
    const again = await forward(order(token));
    assert.equal(again.status, 409);
    assert.equal(again.json.code, 'token_already_used');
    assert.equal((await describeToken(token)).used, true);
    assert.equal(got.length, 1);
  });

  it('leaves out what is not known', async () => {
    const { number: digits, exp_month, exp_year } = goodCard;
    const token = await stage.createToken({ number: digits, exp_month, exp_year });
    await forward(order(token));
    assert.deepEqual(JSON.parse(got[0]?.body ?? '').card, { number, exp_month, exp_year });
  });

  it('is shown in its place among the tokens of others', async () => {
    const tokens = [await stage.createToken(), await stage.createToken()];
    const other = { ...stage.owned(tokens[0] ?? ''), organization: newOrganization() };
    const asked = [stage.owned(tokens[1] ?? ''), other, stage.owned(tokens[0] ?? '')];
    const reply = await stage.ask('/internal/tokens/describe', { tokens: asked });
    const shown = reply.json.tokens.map((one: { token: string } | null) => one?.token);
    assert.deepEqual(shown, [tokens[1], undefined, tokens[0]]);
  });

  it('is sent once per attempt, however often it is asked for', async () => {
    const token = await stage.createToken();
    const body = order(token);
    const replies = await Promise.all(Array.from({ length: 10 }, () => forward(body)));
    const outcomes = replies.map(({ json }) => json.outcome).sort();
    assert.deepEqual(outcomes, ['answered', ...Array(9).fill('unknown')]);
    const late = await forward(body);
    assert.equal(late.json.detail, 'already_forwarded');
    assert.equal(got.length, 1);
  });

  it('sends a single-use token once, however many attempts want it at once', async () => {
    for (const retain of [false, true]) {
      got = [];
      const token = await stage.createToken();
      const many = Array.from({ length: 20 }, () => forward(order(token, { retain })));
      const replies = await Promise.all(many);
      const statuses = replies.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [200, ...Array(19).fill(409)]);
      assert.equal(got.length, 1);
    }
  });

  it('burns the security code with the answer, approval or decline', async () => {
    behave = (_body, response) => response.writeHead(402).end('{"status":"declined"}');
    const token = await stage.createToken();
    const first = await forward(order(token, { retain: true }));
    assert.equal(first.json.status, 402);
    await stage.ask('/internal/tokens/keep', stage.owned(token));
    await forward(order(token, { saved: true }));
    assert.equal(JSON.parse(got[0]?.body ?? '').card.code, '731');
    assert.equal('code' in JSON.parse(got[1]?.body ?? '').card, false);
  });

  it('keeps a card that is to be saved until it is kept, and then for good', async () => {
    const token = await stage.createToken();
    await forward(order(token, { retain: true }));
    assert.equal(await cardsOf(token), 1);
    assert.equal((await forward(order(token))).json.code, 'token_already_used');
    for (let times = 0; times < 2; times += 1) {
      const kept = await stage.ask('/internal/tokens/keep', stage.owned(token));
      assert.deepEqual([kept.json.token, kept.json.card.last4], [token, '4242']);
    }
    const shown = await describeToken(token);
    assert.deepEqual([shown.single_use, shown.used, shown.expired], [false, false, false]);
    const saved = () => forward(order(token, { saved: true }));
    assert.equal((await saved()).json.outcome, 'answered');
    assert.equal((await saved()).json.outcome, 'answered');
    assert.equal(got.length, 3);
    // Whoever saw the single-use token it once was may not charge the saved card by it.
    assert.equal((await forward(order(token))).json.code, 'token_already_used');
  });

  it('does not take a single-use token for a saved card', async () => {
    const token = await stage.createToken();
    const refused = await forward(order(token, { saved: true }));
    assert.equal(refused.json.code, 'token_already_used');
    assert.equal(got.length, 0);
  });

  it('sends nothing once the attempt may have been given up', async () => {
    const token = await stage.createToken();
    const late = await forward(order(token, { not_after_ms: Date.now() - 1 }));
    assert.deepEqual([late.json.outcome, late.json.detail], ['not_sent', 'too_late']);
    assert.equal(got.length, 0);
    assert.equal((await forward(order(token))).json.outcome, 'answered');
  });

  it('sends nothing when the claim had to wait for too long', async () => {
    const token = await stage.createToken();
    const holder = new pg.Client({ connectionString: ground.appUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('UPDATE tokens SET used_at = NULL WHERE id = $1', [token]);
      const notAfter = Date.now() + 1_000;
      const waiting = forward(order(token, { not_after_ms: notAfter }));
      await sleep(1_500);
      await holder.query('COMMIT');
      const { outcome, detail } = (await waiting).json;
      assert.deepEqual([outcome, detail, got.length], ['not_sent', 'too_late', 0]);
    } finally {
      await holder.end();
    }
    assert.equal((await forward(order(token))).json.outcome, 'answered');
  });

  it('refuses an expired token', async () => {
    const token = await stage.createToken();
    await ground.query(`UPDATE tokens SET expires_at = now() WHERE id = $1`, [token]);
    assert.equal((await forward(order(token))).json.code, 'token_expired');
    assert.equal(got.length, 0);
  });

  it('waits for a connection when there are many', async () => {
    behave = (_body, response) => setTimeout(() => response.end('{}'), 50);
    const tokens = await Promise.all(Array.from({ length: 90 }, () => stage.createToken()));
    const one = Promise.all(tokens.map((token) => forward(order(token))));
    const two = await stage.createToken();
    const second = stage.ask('/internal/forward', order(two));
    const outcomes = [...(await one), await second].map(({ json }) => json.outcome);
    assert.deepEqual([...new Set(outcomes)], ['answered']);
    assert.equal(got.length, 91);
  });

  it('works through a restart, without the security code', async () => {
    const token = await stage.createToken();
    await stage.restart();
    assert.equal((await forward(order(token))).json.outcome, 'answered');
    assert.equal('code' in JSON.parse(got[0]?.body ?? '').card, false);
  });
});

describe('a forward that fails', () => {
  it('before anything was sent releases the token, but never the attempt', async () => {
    const token = await stage.createToken();
    const url = `https://localhost:${closedPort}/`;
    const body = order(token, { request: { url }, retain: true });
    const failed = await forward(body);
    assert.deepEqual(failed.json.outcome, 'not_sent', failed.text);
    assert.equal((await forward(body)).json.detail, 'already_forwarded');
    assert.equal((await forward(order(token))).json.outcome, 'answered');
    assert.equal(JSON.parse(got[0]?.body ?? '').card.code, '731');
  });

  it('after sending is unknown and uses the token up', async () => {
    const drops: Behaviour[] = [
      (_body, response) => response.destroy(),
      (_body, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"a":');
        setImmediate(() => response.destroy());
      },
      (_body, response) => response.end(`"${'x'.repeat(70_000)}"`),
    ];
    for (const drop of drops) {
      behave = drop;
      const token = await stage.createToken();
      const reply = await forward(order(token));
      assert.equal(reply.json.outcome, 'unknown', reply.text);
      assert.equal(reply.json.body, null);
      assert.equal(await cardsOf(token), 0);
      assert.equal((await forward(order(token))).json.code, 'token_already_used');
    }
  });

  it('has one deadline, also for an answer that drips', async () => {
    behave = (_body, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    };
    const reply = await forward(order(await stage.createToken(), { timeout_ms: 300 }));
    assert.deepEqual([reply.json.outcome, reply.json.detail], ['unknown', 'timeout']);
  });

  it('checks the processor’s certificate before it sends', async () => {
    const stranger = await startProcessor(ground, () => {});
    const { cert, key } = {
      cert: ground.pem('internal/payos-worker.pem'),
      key: ground.pem('internal/payos-worker-key.pem'),
    };
    processor.server.setSecureContext({ cert, key });
    processor.server.closeAllConnections();
    try {
      const reply = await forward(order(await stage.createToken()));
      assert.equal(reply.json.outcome, 'not_sent', reply.text);
      assert.equal(got.length, 0);
    } finally {
      const names = ['payos-simulator.pem', 'payos-simulator-key.pem'] as const;
      processor.server.setSecureContext({ cert: ground.pem(names[0]), key: ground.pem(names[1]) });
      await stranger.close();
    }
  });

  it('by kill -9 is doubled by nobody', async () => {
    const arrived = Promise.withResolvers<void>();
    behave = () => arrived.resolve();
    const token = await stage.createToken();
    const body = order(token);
    const lost = forward(body).catch(() => undefined);
    await arrived.promise;
    await stage.restart('SIGKILL');
    await lost;
    behave = approve;
    const again = await forward(body);
    assert.deepEqual([again.json.outcome, again.json.detail], ['unknown', 'already_forwarded']);
    assert.equal((await forward(order(token))).json.code, 'token_already_used');
    assert.equal(got.length, 1);
    await ground.query(
      `UPDATE forwards SET created_at = now() - interval '6 minutes' WHERE attempt_id = $1`,
      [body.attempt],
    );
    await stage.restart();
    await stage.vault.said('swept');
    assert.equal(await cardsOf(token), 0);
    const [row] = await ground.query('SELECT state, detail FROM forwards WHERE attempt_id = $1', [
      body.attempt,
    ]);
    assert.deepEqual(row, { state: 'unknown', detail: 'not_finished' });
  });
});

describe('a hostile processor', () => {
  const echoes: [string, (body: string) => string][] = [
    ['the whole request', (body) => body],
    ['the number', () => JSON.stringify({ n: number })],
    ['spaced', () => JSON.stringify({ n: '4242 4242 4242 4242' })],
    ['dashed', () => JSON.stringify({ n: '4242-4242-4242-4242' })],
    ['as a number', () => `{"n":${number}}`],
    ['base64', (body) => JSON.stringify({ n: Buffer.from(body).toString('base64') })],
    ['base64, one off', () => JSON.stringify({ n: Buffer.from(`x${number}`).toString('base64') })],
    [
      'base64, two off',
      () => JSON.stringify({ n: Buffer.from(`xy${number}z`).toString('base64') }),
    ],
    ['hex', () => JSON.stringify({ n: Buffer.from(number).toString('hex') })],
    ['percent-encoded', () => JSON.stringify({ n: number.replace(/./g, (d) => `%3${d}`) })],
    ['JSON escapes', () => `{"n":"${number.replace(/./g, (d) => `\\u003${d}`)}"}`],
    ['not JSON', () => `<p>${number}</p>`],
    ['the security code', () => JSON.stringify({ card: { cvc: '731' } })],
    ['the code further in', () => JSON.stringify({ cvc: { given: [{ value: 731 }] } })],
    ['the code under another name', () => JSON.stringify({ verification_value: '731' })],
    ['the code under our name for it', () => JSON.stringify({ code: '731' })],
  ];
  for (const [name, echo] of echoes) {
    it(`cannot pass the card on: ${name}`, async () => {
      behave = (body, response) => response.writeHead(200).end(echo(body));
      const reply = await forward(order(await stage.createToken()));
      assert.equal(reply.json.outcome, 'answered');
      assert.equal(reply.json.body, null);
      assert.equal(reply.json.detail, 'response_contained_card_data');
    });
  }

  it('may say what may be shown', async () => {
    const shown = { bin: '424242', last4: '4242', amount: 4242, approval_code: '731' };
    behave = (_body, response) => response.end(JSON.stringify(shown));
    const reply = await forward(order(await stage.createToken()));
    assert.deepEqual(reply.json.body, shown);
  });

  it('is not followed elsewhere', async () => {
    behave = (_body, response) => response.writeHead(307, { location: processor.url }).end('{}');
    const reply = await forward(order(await stage.createToken()));
    assert.equal(reply.json.status, 307);
    assert.equal(got.length, 1);
  });

  it('may answer nonsense', async () => {
    const nested = '['.repeat(30_000) + ']'.repeat(30_000);
    for (const nonsense of ['<html>', '', nested, '{"a":1,"a":2}']) {
      behave = (_body, response) => response.writeHead(502).end(nonsense);
      const reply = await forward(order(await stage.createToken()));
      const { outcome, status, body, detail } = reply.json;
      assert.deepEqual([outcome, status, body, detail], ['answered', 502, null, 'answer_not_json']);
    }
  });
});

describe('an order that is wrong', () => {
  const wrong: [string, object][] = [
    ['another port', { url: 'https://localhost:1/' }],
    ['another host', { url: 'https://127.0.0.1:PORT/' }],
    ['a metadata service', { url: 'https://169.254.169.254/latest' }],
    ['plain http', { url: 'http://localhost:PORT/' }],
    ['credentials in the URL', { url: 'https://a:b@localhost:PORT/' }],
    ['no URL', { url: 'localhost' }],
    ['card in the URL', { url: 'https://localhost:PORT/{{card.number}}' }],
    ['card in a header', { headers: { 'x-card': '{{card.number}}' } }],
    ['a header of the connection', { headers: { 'Transfer-Encoding': 'chunked' } }],
    ['a line break in a header', { headers: { a: 'b\r\nc: d' } }],
    ['part of a value', { body: { n: 'no. {{card.number}}' } }],
    ['unknown placeholder', { body: { n: '{{card.track2}}' } }],
    ['card where a processor shows it', { body: { ...template, reference: '{{card.number}}' } }],
    ['card in the place of another', { body: { card: { name: '{{card.number}}' } } }],
    ['card in a list', { body: { card: ['{{card.number}}'] } }],
    ['placeholder as a name', { body: { '{{card.number}}': 1 } }],
    ['another method', { method: 'GET' }],
  ];
  for (const [name, request] of wrong) {
    it(`touches nothing: ${name}`, async () => {
      const token = await stage.createToken();
      const text = JSON.stringify(order(token, { request }));
      const reply = await forward(JSON.parse(text.replaceAll('PORT', String(processor.port))));
      assert.equal(reply.status, 400, reply.text);
      assert.equal(reply.json.code, 'invalid_request');
      assert.equal(got.length, 0);
      assert.equal((await describeToken(token)).used, false);
    });
  }
});

describe('another owner', () => {
  it('finds nothing, exactly as if it were not there', async () => {
    const token = await stage.createToken();
    const missing = `tok_${'1'.repeat(22)}`;
    const shape = (text: string) => text.replace(/req_\w+/, '');
    for (const path of ['tokens/keep', 'tokens/delete', 'forward']) {
      const bodyOf = (id: string) => (path === 'forward' ? order(id) : stage.owned(id));
      const absent = await stage.ask(`/internal/${path}`, bodyOf(missing));
      assert.equal(absent.status, 404);
      assert.equal(absent.json.code, 'not_found');
      for (const other of [{ organization: newOrganization() }, { mode: 'live' }]) {
        assert.equal(await stage.describe({ ...stage.owned(token), ...other }), null);
        if (path === 'forward' && 'mode' in other) continue;
        const reply = await stage.ask(`/internal/${path}`, { ...bodyOf(token), ...other });
        assert.equal(shape(reply.text), shape(absent.text), path);
      }
    }
    assert.equal(await cardsOf(token), 1);
    assert.equal(got.length, 0);
  });
});

describe('deleting a token', () => {
  it('leaves nothing that was made from the number', async () => {
    const token = await stage.createToken(goodCard, { 'idempotency-key': 'to-delete' });
    const twin = await stage.createToken();
    const before = await describeToken(token);
    assert.equal(before.fingerprint, (await describeToken(twin)).fingerprint);
    for (let times = 0; times < 2; times += 1) {
      const reply = await stage.ask('/internal/tokens/delete', stage.owned(token));
      assert.deepEqual(reply.json, { token, done: true });
    }
    assert.equal(await describeToken(token), null);
    const [left] = await ground.query(
      `SELECT fingerprint, (SELECT count(*)::int FROM cards WHERE token_id = $1) AS cards,
         (SELECT request_mac FROM idempotency_keys WHERE token_id = $1) AS mac
       FROM tokens WHERE id = $1`,
      [token],
    );
    assert.deepEqual(left, { fingerprint: null, cards: 0, mac: null });
    assert.equal((await describeToken(twin)).fingerprint, before.fingerprint);
  });
});

describe('a destination', () => {
  const tell = (what: 'add' | 'remove', body: object) =>
    stage.ask(`/internal/forward-destinations/${what}`, body);
  const statusOf = async (destination: string) => {
    const sql = 'SELECT removed_at IS NULL AS active, url FROM forward_destinations WHERE id = $1';
    return (await ground.query(sql, [destination]))[0];
  };
  const more = {
    url: 'https://club.example/v1/',
    content_type: 'application/json',
    fields: { number: ['/number'] },
    requested_by: 'acc_1111111111111111111111',
    approved_by: 'acc_2222222222222222222222',
  };

  it('that is removed before it comes never comes', async () => {
    for (const mode of ['test', 'live']) {
      const destination = newAttempt().replace('att_', 'fdst_');
      const which = { organization: newOrganization(), mode, destination };
      for (let times = 0; times < 2; times += 1) {
        assert.equal((await tell('remove', which)).status, 200);
      }
      const late = await tell('add', { ...which, ...more });
      assert.equal(late.json.code, 'destination_not_allowed', late.text);
      assert.deepEqual(await statusOf(destination), { active: false, url: null });
      const revive = ground.query(
        'UPDATE forward_destinations SET removed_at = NULL WHERE id = $1',
        [destination],
      );
      await assert.rejects(revive, /never changed/);
    }
  });

  it('is removed by those whose it is', async () => {
    const destination = newAttempt().replace('att_', 'fdst_');
    const which = { organization: newOrganization(), mode: 'live', destination };
    assert.equal((await tell('add', { ...which, ...more })).status, 200);
    await tell('remove', { ...which, organization: newOrganization() });
    await tell('remove', { ...which, mode: 'test' });
    assert.deepEqual(await statusOf(destination), { active: true, url: more.url });
    await tell('remove', which);
    await tell('add', { ...which, ...more });
    assert.deepEqual(await statusOf(destination), { active: false, url: more.url });
  });
});
