import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { isId } from 'payos-contract';
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
