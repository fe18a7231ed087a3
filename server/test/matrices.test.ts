import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { allPermissions, type Permission } from 'payos-contract';
import type { Answer, Call } from '../../tools/harness/api-client.ts';
import type { Route } from '../src/core/http/route.ts';
import { inertRoutes } from './inert-routes.ts';
import { openShop, type Shop } from './shop.ts';

/**
 * Every route of the registry × every way in which it must refuse. A new route is covered the day
 * it appears: if it needs an id or a body that is not listed here, this test fails and says so.
 */
const routes = inertRoutes().filter((route) => route.surface === 'public');

let shop: Shop;
/** An id of this organization for each route with `:id`, by its path. */
const objects = new Map<string, string>();
const keys = { otherTenant: '', otherMode: '', publishable: '' };
const without = new Map<string, string>();

before(async () => {
  shop = await openShop();
  const other = await shop.operator.createOrganization('Other');
  keys.otherTenant = (await shop.operator.mint(other)).key;
  keys.otherMode = (await shop.operator.mint(shop.organization, { mode: 'live' })).key;
  keys.publishable = shop.publishable;
  for (const missing of new Set(routes.map((route) => route.permission))) {
    const permissions = allPermissions.filter((name) => name !== missing) as Permission[];
    without.set(missing, (await shop.operator.mint(shop.organization, { permissions })).key);
  }
  await makeObjects();
});
after(async () => shop?.stop());

async function makeObjects(): Promise<void> {
  const paid = (await shop.pay({ save_for: 'matrix' })).body;
  const held = (await shop.pay({ capture: 'manual' })).body;
  const refund = (await shop.post('/v1/refunds', { payment: paid.id, amount: 1 })).body;
  const url = 'https://localhost:9443/hook';
  const endpoint = (await shop.post('/v1/webhook_endpoints', { url })).body;
  const event = (await shop.get('/v1/events?limit=1')).body.data[0];
  const delivery = await firstDelivery(endpoint.id);
  const byPath: Record<string, string> = {
    '/v1/payments/:id': held.id,
    '/v1/payments/:id/capture': held.id,
    '/v1/payments/:id/cancel': held.id,
    '/v1/refunds/:id': refund.id,
    '/v1/customers/:id': paid.customer,
    '/v1/payment_methods/:id': paid.payment_method,
    '/v1/webhook_endpoints/:id': endpoint.id,
    '/v1/webhook_endpoints/:id/deliveries': endpoint.id,
    '/v1/events/:id': event.id,
    '/v1/deliveries/:id': delivery,
    '/v1/deliveries/:id/resend': delivery,
  };
  for (const [path, id] of Object.entries(byPath)) objects.set(path, id);
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

/** The least body each route takes; ids in it are those of the first organization. */
function bodyOf(route: Route): unknown {
  const bodies: Record<string, () => unknown> = {
    'POST /v1/payments': () => ({
      amount: 1,
      currency: 'EUR',
      payment_method: objects.get('/v1/payment_methods/:id'),
    }),
    'POST /v1/refunds': () => ({ payment: refundable(), amount: 1 }),
    'POST /v1/webhook_endpoints': () => ({ url: 'https://localhost:9443/hook' }),
    'PATCH /v1/webhook_endpoints/:id': () => ({ description: 'x' }),
  };
  const make = bodies[`${route.method} ${route.path}`];
  return route.body === undefined ? undefined : (make?.() ?? {});
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
const takesForeignId = (route: Route) =>
  route.path.includes(':id') || ['POST /v1/payments', 'POST /v1/refunds'].includes(name(route));

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

      if (takesForeignId(route)) {
        for (const whose of ['otherTenant', 'otherMode'] as const) {
          it(`does not find the object with a key of the ${whose}`, async () => {
            const call = { key: keys[whose], body: bodyOf(route) };
            const foreign = await send(route, call);
            if (whose === 'otherMode' && route.path === '/v1/payments') {
              return assertRefused(foreign, 403, 'live_mode_unavailable');
            }
            assertRefused(foreign, 404, 'not_found');
            assert.deepEqual(shape(foreign), shape(await missing(route)));
          });
        }
      } else if (route.method === 'GET') {
        it('lists nothing of another organization or mode', async () => {
          for (const key of [keys.otherTenant, keys.otherMode]) {
            const { body } = await send(route, { key });
            const text = JSON.stringify(body);
            for (const id of objects.values()) assert.ok(!text.includes(id), text);
          }
        });
      }

      if (route.body !== undefined) {
        it('refuses an unknown field', async () => {
          const body = { ...(bodyOf(route) as object), colour: 'red' };
          const answer = await send(route, { key: shop.secret, body });
          assertRefused(answer, 400, 'invalid_request');
          assert.equal(answer.body.errors[0].pointer, '/colour');
        });

        it('refuses an oversized body', async () => {
          const raw = JSON.stringify({ ...(bodyOf(route) as object), x: 'x'.repeat(70_000) });
          assertRefused(await send(route, { key: shop.secret, raw }), 413, 'body_too_large');
        });
      } else if (route.query !== undefined || route.method === 'GET') {
        it('refuses an unknown query parameter or has none', async () => {
          if (route.query === undefined) return;
          const path = `${pathOf(route)}?colour=red`;
          const answer = await shop.api.get(path, shop.secret);
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
  return shop.api.call(route.method, swap(pathOf(route)), {
    key: shop.secret,
    ...(body === undefined ? {} : { raw: swap(JSON.stringify(body)) }),
    headers: { 'idempotency-key': randomUUID() },
  });
}

/** All that an attacker could compare. */
function shape(answer: Answer) {
  const { request_id, ...body } = answer.body;
  const names = Object.keys(answer.headers).filter((header) => header !== 'date');
  return { status: answer.status, body, headers: names.sort() };
}
