import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { goodCard, type Stage, setStage } from './stage.ts';
import { type KeyAnswer, newOrganization } from './support.ts';

let stage: Stage;
before(async () => {
  stage = await setStage();
});
after(() => stage?.close());

const body = { type: 'card', card: goodCard };
const send = (key: string, headers: Record<string, string> = {}) =>
  stage.post(body, { authorization: `Bearer ${key}`, ...headers });
const codeOf = async (key: string, headers: Record<string, string> = {}) =>
  (await send(key, headers)).json.code;
const askedFor = (key: string) => stage.keyServer.asked.filter((text) => text === key).length;

const revoked: KeyAnswer = { status: 401, body: { code: 'revoked_api_key' } };

/** What the server's feed says of a key. */
function changeOf(key: string) {
  const {
    organization,
    mode,
    key: id,
  } = (stage.keyServer.keys.get(key) as KeyAnswer).body as {
    organization: string;
    mode: 'test';
    key: string;
  };
  return { organization, mode, key: id };
}

/** Waits until the vault has come back with the cursor of the last change. */
async function untilHeard(): Promise<void> {
  const { heard } = stage.keyServer.channel;
  const before = heard.cursor;
  while (heard.cursor === before) await sleep(5);
}

async function rememberedKey(more: object = {}): Promise<string> {
  const key = stage.keyServer.addKey(newOrganization(), 'test', 10_000, more);
  await send(key);
  while (true) {
    const asked = askedFor(key);
    await send(key);
    if (askedFor(key) === asked) return key;
  }
}

describe('a key that works', () => {
  it('is remembered until the server says that it changed', async () => {
    const key = await rememberedKey();
    const asked = askedFor(key);
    await sleep(1_500);
    assert.equal((await send(key)).status, 201);
    assert.equal(askedFor(key), asked);
    const change = changeOf(key);
    stage.keyServer.keys.set(key, revoked);
    assert.equal((await send(key)).status, 201);
    stage.keyServer.channel.change(change);
    await untilHeard();
    assert.equal(await codeOf(key), 'revoked_api_key');
  });

  it('is asked about again after a change of the rules of its organization', async () => {
    const [key, other] = [await rememberedKey(), await rememberedKey()];
    const asked = [askedFor(key), askedFor(other)] as const;
    stage.keyServer.channel.change({ ...changeOf(key), key: null });
    await untilHeard();
    await Promise.all([send(key), send(other)]);
    assert.deepEqual([askedFor(key), askedFor(other)], [asked[0] + 1, asked[1]]);
  });

  it('that changes while it is asked about is asked about again', async () => {
    const key = stage.keyServer.addKey(newOrganization());
    const change = changeOf(key);
    stage.keyServer.before.answer = async () => {
      stage.keyServer.before.answer = async () => {};
      stage.keyServer.keys.set(key, revoked);
      stage.keyServer.channel.change(change);
      await untilHeard();
    };
    assert.equal(await codeOf(key), 'revoked_api_key');
    assert.equal(askedFor(key), 2);
  });

  it('is not trusted any more when nothing was heard for a second', async () => {
    const key = await rememberedKey();
    stage.keyServer.channel.cut(true);
    try {
      stage.keyServer.keys.set(key, revoked);
      assert.equal((await send(key)).status, 201);
      await sleep(1_100);
      assert.equal(await codeOf(key), 'revoked_api_key');
    } finally {
      stage.keyServer.channel.cut(false);
    }
    await rememberedKey();
  });

  it('is not used beyond its end', async () => {
    const key = await rememberedKey({ ends_in_ms: 400 });
    stage.keyServer.keys.set(key, { status: 401, body: { code: 'expired_api_key' } });
    assert.equal((await send(key)).status, 201);
    await sleep(500);
    assert.equal(await codeOf(key), 'expired_api_key');
  });

  it('is asked about once by many requests at the same time', async () => {
    await rememberedKey();
    const key = stage.keyServer.addKey(newOrganization());
    const replies = await Promise.all(Array.from({ length: 20 }, () => send(key)));
    assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
    assert.ok(askedFor(key) <= 3);
  });

  it('has its uses reported', async () => {
    const key = await rememberedKey();
    const id = changeOf(key).key;
    await send(key, { 'user-agent': 'shop 4242 4242 4242 4242' });
    const uses = () => stage.keyServer.channel.uses.filter((use) => use.key === id);
    while (uses().reduce((sum, { requests }) => sum + requests, 0) < 3) await sleep(20);
    assert.ok(uses().every(({ address }) => address === '127.0.0.1' || address === '::1'));
    const agents = uses().map(({ user_agent }) => user_agent);
    assert.ok(agents.includes('shop [number removed]'), agents.join());
  });
});

describe('a key that is bound to where it is used', () => {
  it('works from its addresses alone, and elsewhere does not use up its rate', async () => {
    const ranges = { ip_ranges: ['192.0.2.0/24', '2001:db8::/32'] };
    const away = stage.keyServer.addKey(newOrganization(), 'test', 2, ranges);
    for (let asks = 0; asks < 5; asks += 1) {
      const reply = await send(away);
      assert.equal(reply.json.code, 'ip_not_allowed');
      assert.match(reply.json.detail, /127\.0\.0\.1|::1/);
      assert.equal(reply.headers.ratelimit, undefined);
    }
    const home = { ip_ranges: ['127.0.0.0/8', '::1'] };
    const here = stage.keyServer.addKey(newOrganization(), 'test', 10, home);
    assert.equal((await send(here)).status, 201);
  });

  it('works on its pages alone', async () => {
    const more = { kind: 'publishable', allowed_origins: ['https://shop.example'] };
    const key = stage.keyServer.addKey(newOrganization(), 'test', 10_000, more);
    assert.equal((await send(key, { origin: 'https://shop.example' })).status, 201);
    for (const origin of ['https://evil.example', 'https://shop.example:8443', 'null']) {
      const reply = await send(key, { origin });
      assert.equal(reply.json.code, 'origin_not_allowed');
      assert.ok(reply.json.detail.includes(origin), reply.json.detail);
      assert.equal(reply.headers['access-control-allow-origin'], '*');
    }
    assert.equal(await codeOf(key), 'origin_not_allowed');
  });

  it('that is published without pages works on every one', async () => {
    const more = { kind: 'publishable' };
    const key = stage.keyServer.addKey(newOrganization(), 'test', 10_000, more);
    assert.equal((await send(key, { origin: 'https://any.example' })).status, 201);
  });

  it('and is secret does not work in a browser', async () => {
    const key = stage.keyServer.addKey(newOrganization());
    const signs = [{ origin: 'https://shop.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const sign of signs) assert.equal(await codeOf(key, sign), 'secret_key_in_browser');
    assert.equal((await send(key)).status, 201);
  });

  it('works in its mode alone', async () => {
    const key = stage.keyServer.addKey(newOrganization());
    assert.equal(await codeOf(key, { 'payos-mode': 'live' }), 'wrong_mode');
    assert.equal((await send(key, { 'payos-mode': 'test' })).status, 201);
  });
});

describe('a browser', () => {
  it('is told beforehand what it may send', async () => {
    const reply = await stage.get('/v1/tokens', 'OPTIONS', {
      origin: 'https://shop.example',
      'access-control-request-method': 'POST',
    });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['access-control-allow-origin'], '*');
    assert.equal(reply.headers['access-control-allow-methods'], 'POST');
    assert.match(String(reply.headers['access-control-allow-headers']), /Authorization/);
    assert.equal(reply.headers['access-control-allow-credentials'], undefined);
  });
});

describe('a vault that ends', () => {
  it('says so, that nobody waits for it', async () => {
    const other = await setStage({}, stage.ground);
    await other.createToken();
    await other.vault.stop();
    assert.equal(other.keyServer.channel.heard.leaving, true);
    await other.close();
  });
});
