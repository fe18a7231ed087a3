import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  isPermission,
  isWide,
  keyPermissions,
  type Mode,
  type Permission,
  standings,
  visitorPermissions,
} from 'payos-contract';
import type pg from 'pg';
import type { Answer, Call } from '../../tools/harness/api-client.ts';
import { type Person, signedIn } from '../../tools/harness/people.ts';
import type { Route } from '../src/core/http/route.ts';
import { inertRoutes } from './inert-routes.ts';
import { openSharedShop, type SharedShop } from './shop.ts';

/**
 * Every route of the registry × every way in which it must refuse. A new route is covered the day
 * it appears: if it needs an id or a body that is not listed here, this test fails and says so.
 */
const routes = inertRoutes().filter(
  (route) =>
    route.surface === 'public' &&
    !Object.hasOwn(standings, route.permission) &&
    !Object.hasOwn(visitorPermissions, route.permission),
);

let shop: SharedShop;
let db: pg.Client;
/** An id of this organization for each route with `:id`, by its path. */
const objects = new Map<string, string>();
/** Keys that may do all that a key may, by whose they are. */
const keys = { test: { own: '', other: '' }, live: { own: '', other: '' }, publishable: '' };
const owners: { own?: Person; other?: Person } = {};
const without = new Map<string, string>();

/** Live keys alone can be given what is organization-wide. */
const modeOf = (route: Route): Mode =>
  isPermission(route.permission) && isWide(route.permission) ? 'live' : 'test';
const forKeys = (route: Route) =>
  keyPermissions(modeOf(route)).includes(route.permission as Permission);

before(async () => {
  shop = await openSharedShop();
  db = await shop.connect('control');
  const other = await shop.operator.createOrganization('Other');
  keys.test.own = (
    await shop.operator.mint(shop.organization, { permissions: keyPermissions('test') })
  ).key;
  keys.live.own = (
    await shop.operator.mint(shop.organization, {
      mode: 'live',
      permissions: keyPermissions('live'),
    })
  ).key;
  keys.test.other = (await shop.operator.mint(other, { permissions: keyPermissions('test') })).key;
  keys.live.other = (
    await shop.operator.mint(other, { mode: 'live', permissions: keyPermissions('live') })
  ).key;
  keys.publishable = shop.publishable;
  const roles = { test: 'owner', live: 'owner' };
  owners.own = await signedIn(shop.api, db, { organization: shop.organization, roles });
  owners.other = await signedIn(shop.api, db, { organization: other, roles });
  for (const route of routes) {
    if (without.has(route.permission)) continue;
    const mode = modeOf(route);
    const permissions = keyPermissions(mode).filter((one) => one !== route.permission);
    const minted = await shop.operator.mint(shop.organization, { mode, permissions });
    without.set(route.permission, minted.key);
  }
  await makeObjects();
  await makePeople();
  await makeForwards();
});
after(async () => {
  await db?.end();
  await shop?.stop();
});

/** Sends with all rights in an organization: by a key where keys may, else as its owner. */
async function sendAs(whose: 'own' | 'other', route: Route, call: Call): Promise<Answer> {
  if (forKeys(route)) return send(route, { ...call, key: keys[modeOf(route)][whose] });
  const person = owners[whose];
  assert.ok(person);
  return send(route, { ...call, headers: person.headers(modeOf(route)) });
}

async function makeObjects(): Promise<void> {
  const paid = (await shop.pay({ save_for: 'matrix' })).body;
  const held = (await shop.pay({ capture: 'manual' })).body;
  const refund = (await shop.post('/v1/refunds', { payment: paid.id, amount: 1 })).body;
  const checkout = (await shop.post('/v1/checkout_sessions', checkoutBody())).body;
  const url = 'https://localhost:9443/hook';
  const endpoint = (await shop.post('/v1/webhook_endpoints', { url })).body;
  const event = (await shop.get('/v1/events?limit=1')).body.data[0];
  const delivery = await firstDelivery(endpoint.id);
  const key = await shop.operator.mint(shop.organization);
  const byPath: Record<string, string> = {
    '/v1/payments/:id': held.id,
    '/v1/payments/:id/capture': held.id,
    '/v1/payments/:id/cancel': held.id,
    '/v1/refunds/:id': refund.id,
    '/v1/checkout_sessions/:id': checkout.id,
    '/v1/checkout_sessions/:id/expire': checkout.id,
    '/v1/customers/:id': paid.customer,
    '/v1/payment_methods/:id': paid.payment_method,
    '/v1/tokens/:id': await shop.tokenize(),
    '/v1/webhook_endpoints/:id': endpoint.id,
    '/v1/webhook_endpoints/:id/deliveries': endpoint.id,
    '/v1/events/:id': event.id,
    '/v1/deliveries/:id': delivery,
    '/v1/deliveries/:id/resend': delivery,
  };
  for (const [path, id] of Object.entries(byPath)) objects.set(path, id);
  for (const { path } of routes) {
    if (path.startsWith('/v1/api_keys/:id')) objects.set(path, key.id);
  }
}

/** A destination of test mode, and a forward to it: without having sent anything. */
async function makeForwards(): Promise<void> {
  const ids = ['fdst_1111111111111111111112', 'fwd_1111111111111111111112'];
  const values = [shop.organization, ...ids];
  await db.query(
    `WITH destination AS (
       INSERT INTO forward_destinations (organization_id, id, mode, name, url, content_type,
         fields, status, requested_by, requester_account)
       VALUES ($1, $2, 'test', 'Club', 'https://localhost:9443/', 'application/json', '{}',
         'pending', 'mem_1111111111111111111112', 'acc_1111111111111111111112'))
     INSERT INTO forwards (organization_id, id, mode, destination_id, idempotency_key, body_hash,
       method, url, request)
     VALUES ($1, $3, 'test', $2, 'matrix', '', 'POST', 'https://localhost:9443/',
       '{"method":"POST","url":"https://localhost:9443/","headers":{},"body":{}}')`,
    values,
  );
  for (const { path } of routes) {
    if (path.startsWith('/v1/forward_destinations/:id')) objects.set(path, ids[0] ?? '');
    if (path.startsWith('/v1/forwards/:id')) objects.set(path, ids[1] ?? '');
  }
}

async function makePeople(): Promise<void> {
  const { own } = owners;
  assert.ok(own);
  const roles = { test: 'analyst', live: 'analyst' };
  const friend = await signedIn(shop.api, db, { organization: shop.organization, roles });
  const invited = (await own.post('/v1/invitations', { email: 'new@people.example', roles })).body;
  const role = await own.post('/v1/roles', { name: 'Clerk', permissions: ['payments:read'] });
  const { rows } = await db.query(
    `INSERT INTO factor_resets (organization_id, id, account_id, member_id, reason)
     VALUES ($1, 'fre_1111111111111111111112', $2, $3, 'Lost') RETURNING id`,
    [shop.organization, friend.account, friend.member],
  );
  const revealKey = await own.call('POST', '/v1/reveal_keys', {
    body: aRevealKey(),
    mode: 'test',
  });
  const asked = await own.call('POST', '/v1/card_gate/attestations', {
    body: anAttestation(),
    mode: 'test',
  });
  for (const { path } of routes) {
    if (path.startsWith('/v1/card_gate/attestations/:id')) objects.set(path, asked.body.id);
    if (path.startsWith('/v1/reveal_keys/:id')) objects.set(path, revealKey.body.id);
    if (path.startsWith('/v1/members/:id')) objects.set(path, friend.member);
    if (path.startsWith('/v1/invitations/:id')) objects.set(path, invited.id);
    if (path.startsWith('/v1/roles/:id')) objects.set(path, role.body.id);
    if (path.startsWith('/v1/factor_resets/:id')) objects.set(path, rows[0].id);
  }
}

/** A payment made after the endpoint gives it its first delivery. */
async function firstDelivery(endpoint: string): Promise<string> {
  await shop.pay();
  for (let tries = 0; tries < 200; tries += 1) {
    const { body } = await shop.get(`/v1/webhook_endpoints/${endpoint}/deliveries`);
    if (body.data.length > 0) return body.data[0].id;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no delivery came into being');
}

function aRevealKey(): object {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { name: 'Safe', public_key: publicKey.export({ format: 'jwk' }) };
}

function anAttestation(): object {
  return {
    level: 'saq_d_merchant',
    assessor: 'Somebody',
    document_sha256: '0'.repeat(64),
    valid_until: new Date(Date.now() + 86_400_000).toISOString(),
    scopes: { raw_cards: true, reveal: true },
  };
}

/** The least body each route takes; ids in it are those of the first organization. */
function bodyOf(route: Route): unknown {
  const bodies: Record<string, () => unknown> = {
    'POST /v1/payments': () => ({
      amount: 1,
      currency: 'EUR',
      payment_method: objects.get('/v1/payment_methods/:id'),
    }),
    'POST /v1/checkout_sessions': () => checkoutBody(objects.get('/v1/customers/:id')),
    'POST /v1/refunds': () => ({ payment: refundable(), amount: 1 }),
    'POST /v1/forward': () => ({
      payment_method: objects.get('/v1/payment_methods/:id'),
      request: { method: 'POST', url: 'https://localhost:9443/', body: {} },
    }),
    'POST /v1/forward_destinations': () => ({
      name: 'Other',
      url: 'https://localhost:9443/other/',
      content_type: 'application/json',
      fields: { number: ['/number'] },
    }),
    'POST /v1/webhook_endpoints': () => ({ url: 'https://localhost:9443/hook' }),
    'PATCH /v1/webhook_endpoints/:id': () => ({ description: 'x' }),
    'PATCH /v1/payment_methods/:id': () => ({ exp_year: 2032 }),
    'PATCH /v1/members/:id': () => ({ roles: { test: null, live: 'finance' } }),
    'POST /v1/invitations': () => ({
      email: 'other@people.example',
      roles: { test: 'analyst', live: null },
    }),
    'POST /v1/roles': () => ({ name: 'Other', permissions: ['payments:read'] }),
    'PATCH /v1/roles/:id': () => ({ name: 'Another' }),
    'PATCH /v1/organization/branding': () => ({ accent: '#123456' }),
    'PATCH /v1/organization': () => ({ name: 'Renamed' }),
    'POST /v1/api_keys': () => ({ name: 'Made' }),
    'PATCH /v1/api_key_policy': () => ({ max_age_days: 80 }),
    'POST /v1/api_key_policy/preview': () => ({ max_age_days: 80 }),
    'PATCH /v1/api_keys/:id': () => ({ name: 'Renamed' }),
    'POST /v1/card_gate/attestations': anAttestation,
    'POST /v1/reveal_keys': aRevealKey,
    'POST /v1/card_gate/close': () => ({ reason: 'Because' }),
  };
  const make = bodies[`${route.method} ${route.path}`];
  return route.body === undefined ? undefined : (make?.() ?? {});
}

function checkoutBody(customer?: string) {
  const url = 'https://shop.example/done';
  const body = { amount: 1, currency: 'EUR', reference: 'o', return_url: url, cancel_url: url };
  return customer === undefined ? body : { ...body, customer };
}

function refundable(): string {
  return objects.get('/v1/payments/:id') ?? '';
}

function pathOf(route: Route): string {
  if (!route.path.includes(':id')) return route.path;
  const id = objects.get(route.path);
  assert.ok(id, `no object for ${route.path}: add one to makeObjects`);
  return route.path.replace(':id', id);
}

function send(route: Route, call: Call): Promise<Answer> {
  const headers = { 'idempotency-key': randomUUID(), ...call.headers };
  return shop.api.call(route.method, pathOf(route), { ...call, headers });
}

const name = (route: Route) => `${route.method} ${route.path}`;
const namesObject = ['POST /v1/payments', 'POST /v1/refunds', 'POST /v1/checkout_sessions'];
const takesForeignId = (route: Route) =>
  route.path.includes(':id') || namesObject.includes(name(route));

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
}

describe('every route', () => {
  it('is on the list', () => assert.ok(routes.length >= 20, `${routes.length} routes`));

  for (const route of routes) {
    describe(name(route), () => {
      it('refuses who has no key', async () => {
        assertRefused(await send(route, { body: bodyOf(route) }), 401, 'missing_api_key');
      });

      it('refuses a key that is not one, before looking at the body', async () => {
        const answer = await send(route, { key: 'payos_sk_test_nonsense', raw: '{{{{' });
        assertRefused(answer, 401, 'invalid_api_key');
      });

      it('refuses a publishable key', async () => {
        const answer = await send(route, { key: keys.publishable, body: bodyOf(route) });
        assertRefused(answer, 403, 'publishable_key_refused');
      });

      it('refuses a key without the permission, and names it', async () => {
        const key = without.get(route.permission) ?? '';
        const answer = await send(route, { key, body: bodyOf(route) });
        assertRefused(answer, 403, 'permission_denied');
        assert.ok(answer.body.detail.includes(route.permission));
      });

      if (modeOf(route) === 'live') {
        it('refuses every key of test mode', async () => {
          const answer = await send(route, { key: keys.test.own, body: bodyOf(route) });
          assertRefused(answer, 403, 'permission_denied');
        });
      } else {
        it('does not find in one mode what is in the other', async () => {
          const inLive = forKeys(route)
            ? { key: keys.live.own }
            : { headers: owners.own?.headers('live') ?? {} };
          const answer = await send(route, { ...inLive, body: bodyOf(route) });
          await assertNotThere(route, answer, idsOfTestMode());
        });
      }

      it('refuses a card number in body, query and path, and does not repeat it', async () => {
        const number = '4242 4242 4242 4242';
        const text = encodeURIComponent(number);
        const who = forKeys(route)
          ? { key: keys[modeOf(route)].own }
          : { headers: owners.own?.headers(modeOf(route)) ?? {} };
        const ask = (path: string, body?: unknown) => {
          const headers = { 'idempotency-key': randomUUID(), ...who.headers };
          return shop.api.call(route.method, path, { ...who, headers, body });
        };
        const answers = [await ask(`${pathOf(route)}?x=${text}`, bodyOf(route))];
        if (route.path.includes(':id')) {
          answers.push(await ask(route.path.replace(':id', text), bodyOf(route)));
        }
        if (route.body !== undefined) {
          for (const card of [number, number.replaceAll(' ', ''), 4242424242424242]) {
            answers.push(await ask(pathOf(route), { x: [{ card }] }));
          }
        }
        for (const answer of answers) {
          assertRefused(answer, 422, 'card_data_refused');
          assert.doesNotMatch(answer.text, /4242/);
        }
      });

      it('does not find what is another organization`s', async () => {
        const answer = await sendAs('other', route, { body: bodyOf(route) });
        await assertNotThere(route, answer, [...objects.values()]);
        if (!forKeys(route)) return;
        const headers = owners.other?.headers(modeOf(route)) ?? {};
        const byOwner = await send(route, { headers, body: bodyOf(route) });
        await assertNotThere(route, byOwner, [...objects.values()]);
      });

      if (route.body !== undefined) {
        it('refuses an unknown field', async () => {
          const body = { ...(bodyOf(route) as object), colour: 'red' };
          const answer = await sendAs('own', route, { body });
          assertRefused(answer, 400, 'invalid_request');
          assert.equal(answer.body.errors[0].pointer, '/colour');
        });

        it('refuses an oversized body', async () => {
          const raw = JSON.stringify({
            ...(bodyOf(route) as object),
            x: 'x'.repeat(5_000 + (route.bodyMax ?? 65_536)),
          });
          assertRefused(await sendAs('own', route, { raw }), 413, 'body_too_large');
        });
      } else if (route.query !== undefined || route.method === 'GET') {
        it('refuses an unknown query parameter or has none', async () => {
          if (route.query === undefined) return;
          const colourful = { ...route, path: `${pathOf(route)}?colour=red` };
          const answer = await sendAs('own', colourful, {});
          assertRefused(answer, 400, 'invalid_request');
        });
      }
    });
  }
});

/** The same question about an object that never was. */
async function missing(route: Route): Promise<Answer> {
  const swap = (text: string) =>
    text.replaceAll(/\b([a-z]+_)[1-9A-HJ-NP-Za-km-z]{22}\b/g, '$11111111111111111111111');
  const body = bodyOf(route);
  const raw = body === undefined ? {} : { raw: swap(JSON.stringify(body)) };
  return sendAs('own', { ...route, path: swap(pathOf(route)) }, raw);
}

/** What is asked for by an id is a 404 like any other; a list does not show it. */
async function assertNotThere(route: Route, answer: Answer, ids: string[]): Promise<void> {
  // Live mode takes no payments, whoever's the card is.
  const takesMoney = ['POST /v1/payments', 'POST /v1/checkout_sessions'].includes(name(route));
  if (takesMoney && answer.body.code === 'live_mode_unavailable') return;
  if (takesForeignId(route)) {
    assertRefused(answer, 404, 'not_found');
    assert.deepEqual(shape(answer), shape(await missing(route)));
    return;
  }
  for (const id of ids) assert.ok(!answer.text.includes(id), answer.text);
}

/** What concerns the organization as a whole tells of itself among the events of live mode. */
function idsOfTestMode(): string[] {
  const ofTest = routes.filter((route) => modeOf(route) === 'test');
  return ofTest.flatMap(({ path }) => objects.get(path) ?? []);
}

/** All that an attacker could compare. */
function shape(answer: Answer) {
  const { request_id, ...body } = answer.body;
  const names = Object.keys(answer.headers).filter((header) => header !== 'date');
  return { status: answer.status, body, headers: names.sort() };
}
