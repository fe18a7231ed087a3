import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import type { Permission } from 'payos-contract';
import { buildCheckout } from '../../launcher/src/build-checkout.ts';
import { buildFields } from '../../launcher/src/build-fields.ts';
import { type RunningCluster, startCluster } from '../../tools/harness/cluster.ts';
import { type Person, signedIn } from '../../tools/harness/people.ts';
import {
  startWebhookReceiver,
  type WebhookReceiver,
} from '../../tools/harness/webhook-receiver.ts';
import { type Receiver, startReceiver } from '../src/egress/test-support.ts';
import { ByteSearch } from './canary/byte-search.ts';
import { cardForms } from './canary/card-forms.ts';
import {
  type Card,
  cards,
  codes,
  codesIn,
  foundIn,
  holder,
  type Way,
  wantedOf,
} from './canary/cards.ts';
import { columnsWith, dumpDatabase } from './canary/dump-database.ts';
import { foundInMemory } from './canary/memory-search.ts';
import { type Merchant, pageMark, startMerchant } from './canary/merchant-page.ts';
import { nothingKept } from './canary/reachable.ts';
import {
  lookIntoFrame,
  lookThrough,
  openVisitor,
  type Seen,
  typeCard,
  type Visitor,
} from './canary/visitor.ts';
import { eventually, openShop, type Shop } from './shop.ts';

/**
 * Uses marker cards in every way there is, the browser of a visitor among them, then searches
 * everything for them: tables, dumps, the database's files and write-ahead log, logs, webhook
 * bodies, the simulator's state, crash reports, the memory of the processes outside the card data
 * environment, the pages, and what the browser has kept.
 */
let running: RunningCluster;
let shop: Shop;
let receiver: WebhookReceiver;
let partner: Receiver;
let merchant: Merchant;
let visitor: Visitor | undefined;
let asker: Person;
let approver: Person;
const startedAt = Date.now();
const reports = join(tmpdir(), `payos-reports-${process.pid}`);
const outside = ['server', 'worker'] as const;
const notLinux = process.platform === 'linux' ? false : 'memory can be read on Linux only';
/** What a process writes down when it crashes; here on a signal. */
const reporting = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${reports}`;
/** Pages as they were when a card had been typed into their frames, or paid with. */
const pages: Record<'fields' | 'checkout' | 'afterwards', Seen | undefined> = {
  ...{ fields: undefined, checkout: undefined, afterwards: undefined },
};
let frame: Pick<Seen, 'heap' | 'kept'> | undefined;
let heardByPage: unknown[] = [];
let cookies: unknown[] = [];

before(async () => {
  [running] = await Promise.all([
    startCluster({ durable: true }),
    buildFields().then(() => buildCheckout()),
  ]);
  mkdirSync(reports, { mode: 0o711 });
  const pem = (name: string) => readFileSync(join(running.cluster.certificates, name), 'utf8');
  const tls = { cert: pem('localhost.pem'), key: pem('localhost-key.pem') };
  // A partner that answers with what it was sent. Of a name by itself, answers are not cleared.
  partner = await startReceiver(tls, (got, response) => {
    const echo = got.body.toString().replaceAll(holder, 'somebody');
    response.writeHead(200, { 'content-type': 'application/json' }).end(echo);
  });
  const settings = {
    NODE_OPTIONS: reporting,
    PAYOS_LOG_LEVEL: 'debug',
    PAYOS_FORWARD_DESTINATIONS: `localhost:${partner.port}`,
  };
  shop = await openShop({ cluster: running.cluster, settings });
  const db = await shop.connect('control');
  const owner = { organization: shop.organization, roles: { test: 'owner', live: 'owner' } };
  asker = await signedIn(shop.api, db, owner);
  approver = await signedIn(shop.api, db, owner);
  await db.end();
  receiver = await startWebhookReceiver(running.cluster.certificates);
  const made = await shop.post('/v1/webhook_endpoints', { url: receiver.url });
  receiver.expect(made.body.secret);
  merchant = await startMerchant(tls, shop.vault.origin, shop.publishable, async (token) =>
    String((await shop.pay({ token })).body.status),
  );
  visitor = await openVisitor(tls.cert);
  await Promise.all([useCards(), visitor && beVisitor(visitor)]);
});
after(async () => {
  await visitor?.stop();
  visitor?.remove();
  merchant?.close();
  await shop?.stop();
  await receiver?.stop();
  await partner?.close();
  await running?.stop();
  rmSync(reports, { recursive: true, force: true });
});

const partsOf = (way: Way) => ({ name: holder, cvc: cards[way].code });
const tokenize = (way: Way) => shop.tokenize(cards[way].number, partsOf(way));

async function useCards(): Promise<void> {
  await shop.pay({ token: await tokenize('payments') });
  const saved = await shop.pay({ token: await tokenize('payments'), save_for: 'ada' });
  await shop.pay({ payment_method: saved.body.payment_method });
  const held = await shop.pay({ token: await tokenize('payments'), capture: 'manual' });
  await shop.post(`/v1/payments/${held.body.id}/capture`, {});
  await shop.post('/v1/refunds', { payment: saved.body.id });
  await tokenize('payments');
  await again(saved.body.payment_method);
  await forward(await openDestination());
  await reveal();
  await mistake();
  const events = (await shop.get('/v1/events?type=refund.succeeded')).body.data.length;
  assert.equal(events, 1);
  await eventually(async () => (receiver.received.length >= 6 ? true : undefined), 'webhooks');
}

/** A saved card whose security code is asked for again. */
async function again(method: string): Promise<void> {
  const body = { type: 'cvc', cvc: cards.payments.code };
  const made = await shop.vault.call('POST', '/v1/tokens', { key: shop.publishable, body });
  assert.equal(made.status, 201, made.text);
  const paid = await shop.pay({ payment_method: method, cvc_token: made.body.id });
  assert.equal(paid.status, 201, paid.text);
}

const mint = (permissions: Permission[], more: object = {}) =>
  shop.operator.mint(shop.organization, { permissions, ...more });

async function openDestination(): Promise<string> {
  const made = await asker.call('POST', '/v1/forward_destinations', {
    mode: 'test',
    body: {
      name: 'Partner',
      url: `https://localhost:${partner.port}/v1/`,
      content_type: 'application/json',
      fields: { number: ['/card/number'], code: ['/card/cvc'], name: ['/card/holder'] },
    },
  });
  assert.equal(made.status, 201, made.text);
  return (await mint(['cards:forward'])).key;
}

/** A card to a partner, who sends it back. */
async function forward(key: string): Promise<void> {
  const card = { number: '{{card.number}}', cvc: '{{card.code}}', holder: '{{card.name}}' };
  const url = `https://localhost:${partner.port}/v1/members`;
  const request = { method: 'POST', url, headers: {}, body: { card } };
  const sent = await shop.api.post('/v1/forward', key, {
    token: await tokenize('forward'),
    request,
  });
  assert.equal(sent.status, 201, sent.text);
  const received = partner.received.at(-1)?.body;
  assert.ok(received?.includes(cards.forward.number), 'the partner did not get the card');
}

/** A saved card, sealed to a key whose other half nobody has but this test. */
async function reveal(): Promise<void> {
  const inTest = async (by: Person, path: string, body: object) => {
    const answer = await by.call('POST', path, { mode: 'test', body });
    assert.ok(answer.status < 300, answer.text);
    return answer.body.id as string;
  };
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256' });
  const gate = '/v1/card_gate/attestations';
  const attestation = await inTest(asker, gate, {
    level: 'saq_d_merchant',
    assessor: 'Grace Hopper, Assessors Ltd',
    document_sha256: 'ab'.repeat(32),
    valid_until: new Date(startedAt + 86_400_000).toISOString(),
    scopes: { raw_cards: false, reveal: true },
  });
  await inTest(approver, `${gate}/${attestation}/approve`, {});
  const public_key = await exportJWK(publicKey);
  const recipient = await inTest(asker, '/v1/reveal_keys', { name: 'Safe', public_key });
  await inTest(approver, `/v1/reveal_keys/${recipient}/approve`, {});
  const { key } = await mint(['cards:reveal'], { ip_ranges: ['127.0.0.0/8'] });
  const saved = await shop.pay({ token: await tokenize('reveal'), save_for: 'grace' });
  const { payment_method } = saved.body;
  const body = { payment_method, recipient, reason: { code: 'dispute', text: 'Case 17' } };
  // Until the worker has told the vault to keep the card there is nothing to reveal.
  const answer = await eventually(async () => {
    const got = await shop.vault.call('POST', '/v1/reveals', { key, body });
    return got.status === 404 ? undefined : got;
  }, 'the card is kept');
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(foundIn(Buffer.from(answer.text)), []);
  const { plaintext } = await compactDecrypt(answer.body.jwe, privateKey);
  const { number, name } = JSON.parse(Buffer.from(plaintext).toString());
  assert.deepEqual([number, name], [cards.reveal.number, holder]);
}

/** What a careless merchant sends to the wrong place, or in a wrong form. */
async function mistake(): Promise<void> {
  const { api, vault, secret, publishable } = shop;
  const { number } = cards.mistakes;
  await shop.post('/v1/customers', { name: number });
  await shop.post('/v1/payments', { amount: 1, currency: 'EUR', description: number });
  await shop.post('/v1/payments', { card: { number }, amount: number });
  await shop.get(`/v1/payments/${number}`);
  await shop.get(`/v1/payments?reference=${number}`);
  await api.call('POST', `/v1/${number}`, { key: secret, raw: `{"number":"${number}"` });
  await api.call('POST', '/v1/tokens', { key: secret, body: { type: 'card', card: { number } } });
  const more = { ...partsOf('mistakes'), extra: number };
  const card = { number, exp_month: 13, exp_year: 1999, ...more };
  await vault.call('POST', '/v1/tokens', { key: publishable, body: { type: 'card', card } });
  await vault.call('POST', '/v1/tokens', { key: number, body: { type: number } });
  await vault.call('POST', `/v1/tokens/${number}?n=${number}`, { key: publishable, raw: number });
}

/** Pays on the merchant's page, then on that of PayOS, and closes the browser. */
async function beVisitor(at: Visitor): Promise<void> {
  const page = await at.open(merchant.origin);
  await typeCard(page, (part) => `#${part}`, cards.fields);
  await page.getByRole('button').click();
  await page.getByText('succeeded').waitFor();
  pages.fields = await lookThrough(page);
  heardByPage = await page.evaluate('noted');
  const number = page.frames().find((one) => one.url().includes('#role=number'));
  frame = number && (await lookIntoFrame(number));

  const made = await shop.post('/v1/checkout_sessions', {
    ...{ amount: 700, currency: 'EUR', reference: 'order-7' },
    ...{ return_url: `${merchant.origin}/`, cancel_url: `${merchant.origin}/` },
  });
  const checkout = await at.open(made.body.url);
  await typeCard(checkout, (part) => `.field.${part}`, cards.checkout);
  pages.checkout = await lookThrough(checkout);
  await checkout.locator('button.pay').click();
  await checkout.waitForURL(/status=succeeded/);
  await checkout.goto(made.body.url);
  await checkout.getByRole('heading', { name: 'Payment received' }).waitFor();
  pages.afterwards = await lookThrough(checkout);
  cookies = await at.cookies();
  await at.stop();
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the search itself', () => {
  it('finds every form of a number where there is one', () => {
    for (const way of Object.keys(cards) as Way[]) {
      for (const [form, bytes] of cardForms(cards[way].number)) {
        for (const before of ['before ', 'right before ']) {
          const haystack = Buffer.concat([Buffer.from(before), bytes, Buffer.from('after')]);
          assert.ok(foundIn(haystack).includes(`${way} ${form}`), `${way} ${form}`);
        }
      }
    }
    const { code } = cards.fields;
    assert.deepEqual(codesIn(`{"code":"${code}"}`), [`"${code}"`]);
  });
});

describe('a card', () => {
  it('is in no dump of a database, nor are code and name', async () => {
    for (const which of ['control', 'vault'] as const) {
      const dump = await dumpDatabase(shop, which, join(reports, which));
      assert.ok(dump.includes(shop.organization));
      assert.deepEqual(foundIn(dump), [], which);
      assert.deepEqual(codesIn(dump.toString('latin1')), [], which);
      assert.deepEqual(await columnsWith(shop, which, codes), []);
      assert.notDeepEqual(await columnsWith(shop, which, [shop.organization]), []);
    }
  });

  it('is in no file of the database: tables, indexes, write-ahead log', async () => {
    const client = await shop.connect('control');
    await client.query('CHECKPOINT');
    await client.end();
    // What was written last before the first card was there cannot hold one.
    const files = filesBelow(join(running.cluster.directory, 'postgres')).filter(
      (file) => statSync(file).mtimeMs >= startedAt,
    );
    assert.ok(files.some((file) => file.includes('pg_wal')));
    assert.ok(files.some((file) => file.includes('base')));
    let organization = false;
    for (const file of files) {
      const bytes = readFileSync(file);
      assert.deepEqual(foundIn(bytes), [], file);
      organization ||= bytes.includes(shop.organization);
    }
    assert.ok(organization);
  });

  it('is in no log and not in the state of the simulator', () => {
    const files = filesBelow(shop.directory);
    assert.ok(files.some((file) => file.endsWith('server.log')));
    assert.ok(files.some((file) => file.includes('sqlite')));
    for (const file of files) {
      const bytes = readFileSync(file);
      // The simulator is somebody else, who may know names.
      const found = foundIn(bytes).filter((one) => !one.startsWith('name') || isLog(file));
      assert.deepEqual(found, [], file);
      if (isLog(file)) assert.deepEqual(codesIn(bytes.toString()), [], file);
    }
  });

  it('is in no webhook', () => {
    assert.deepEqual(foundIn(Buffer.from(JSON.stringify(receiver.received))), []);
  });

  it('is not in what server, worker and vault write down when they crash', async () => {
    for (const name of [...outside, 'vault'] as const) shop.processes[name].signal('SIGUSR2');
    const written = await eventually(async () => {
      const found = filesBelow(reports).filter((file) => file.endsWith('.json'));
      const whole = found.filter((file) => readFileSync(file, 'utf8').trimEnd().endsWith('}'));
      return whole.length >= 3 ? whole : undefined;
    }, 'three reports');
    for (const file of written) {
      const bytes = readFileSync(file);
      assert.ok(bytes.includes('javascriptHeap'));
      assert.deepEqual(foundIn(bytes), []);
    }
  });

  it('is not in the memory of server and worker', { skip: notLinux }, () => {
    // What was sent to the wrong process by mistake is gone with the garbage, some day; a card
    // that went its way never was there.
    const ways = (Object.keys(cards) as Way[]).filter((way) => way !== 'mistakes');
    const wanted = wantedOf(ways);
    for (const way of ways) wanted.set(`${way} code`, Buffer.from(`"${cards[way].code}"`));
    // What has to be there, so that nothing found means something.
    wanted.set('secret', Buffer.from(shop.simulatorSecret));
    const search = new ByteSearch(wanted);
    for (const name of outside) {
      const found = foundInMemory(shop.processes[name].pid, search);
      assert.deepEqual([...found], ['secret'], name);
    }
  });
});

const isLog = (file: string) => file.endsWith('.log');

/** Texts of scripts grow key by key: pieces of a number are looked for as well. */
function assertPageClean({ state, heap, kept }: Seen, { number }: Card): void {
  assert.deepEqual(foundIn(Buffer.from(state)), []);
  assert.deepEqual(foundIn(Buffer.from(heap)), []);
  const digits = (state + heap).replaceAll(/[ -]/g, '');
  for (let at = 0; at + 9 <= number.length; at += 1) {
    assert.ok(!digits.includes(number.slice(at, at + 9)), 'a piece of a number is in the page');
  }
  assert.equal(kept, nothingKept);
}

describe('what somebody typed in a browser', () => {
  const test = (name: string, run: () => void) =>
    it(name, (t) => (visitor === undefined ? t.skip('there is no browser') : run()));

  test('is nowhere in the page of a merchant, who listens to everything', () => {
    assert.ok(pages.fields !== undefined && frame !== undefined);
    assert.ok(frame.heap.includes(cards.fields.number), 'the frame must have it');
    assert.equal(frame.kept, nothingKept);
    assert.ok(pages.fields.heap.includes('window.noted'), 'the whole heap is looked at');
    assert.ok(pages.fields.state.includes('pointerdown'), 'and all that scripts reach');
    assertPageClean(pages.fields, cards.fields);
    // Of four digits: the hundreds of names of three in there are somebody else's.
    assert.ok(!pages.fields.heap.includes(`"${cards.fields.code}"`));
    const names = new Set(heardByPage.map((one) => (one as string[])[0]));
    assert.ok(names.has('number') && names.has('pointerdown'), [...names].join());
    const typing = [...names].filter((name) => /^key|input|paste|composition/.test(name ?? ''));
    assert.deepEqual(typing, []);
    assert.deepEqual(foundIn(Buffer.from(merchant.heard.join())), []);
    assert.deepEqual(codesIn(merchant.heard.join()), []);
  });

  test('is nowhere in the checkout page, before and after', () => {
    for (const seen of [pages.checkout, pages.afterwards]) {
      assert.ok(seen !== undefined);
      assert.ok(seen.state.includes('checkout'));
      assertPageClean(seen, cards.checkout);
    }
  });

  test('left for the vault alone, and is in no message of the console', () => {
    const carriers: string[] = [];
    for (const request of visitor?.requests ?? []) {
      const body = request.postData() ?? '';
      const whole = `${request.url()} ${JSON.stringify(request.headers())} ${body}`;
      const found = [...foundIn(Buffer.from(whole)), ...codesIn(whole)];
      if (found.length > 0) carriers.push(`${request.method()} ${request.url()}`);
    }
    const tokens = `POST ${shop.vault.origin}/v1/tokens`;
    assert.deepEqual(carriers, [tokens, tokens]);
    assert.deepEqual(visitor?.said, []);
  });

  test('is in nothing that the browser keeps on disk', () => {
    const files = filesBelow(visitor?.profile ?? '').map((file) => readFileSync(file));
    assert.ok(
      files.some((bytes) => bytes.includes(pageMark)),
      'there is no cache',
    );
    for (const bytes of files) assert.deepEqual(foundIn(bytes), []);
    assert.deepEqual(cookies, []);
  });
});
