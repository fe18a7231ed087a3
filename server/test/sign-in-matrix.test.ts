import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { standings } from 'payos-contract';
import type { Answer, Call } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import type { Route } from '../src/core/http/route.ts';
import { inertRoutes } from './inert-routes.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

/**
 * Every route of people and their account × what somebody may send to it. Who is let in is tested
 * in `people-matrix.test.ts`.
 */
const routes = inertRoutes().filter(
  (route) =>
    route.surface === 'public' &&
    Object.hasOwn(standings, route.permission) &&
    // Programs of others, whose signature counts: exposed-keys.test.ts.
    !route.fromPrograms,
);
const withBody = routes.filter((route) => route.body !== undefined);
const name = (route: Route) => `${route.method} ${route.path}`;

let office: SharedOffice;
let person: Person;
before(async () => {
  office = await openSharedOffice();
  person = await office.join('owner');
});
after(async () => office?.stop());

const send = (route: Route, call: Call): Promise<Answer> =>
  person.call(route.method, route.path.replace(':id', 'ses_1111111111111111111111'), call);

function assertRefused(answer: Answer, status: number, code: string): void {
  assert.equal(`${answer.status} ${answer.body?.code}`, `${status} ${code}`, answer.text);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  assert.equal(answer.headers['set-cookie'], undefined);
}

describe('every route of people', () => {
  it('is on the list', () => assert.ok(routes.length >= 30, `${routes.length} routes`));

  for (const route of withBody) {
    describe(name(route), () => {
      it('refuses an unknown field', async () => {
        const answer = await send(route, { body: { colour: 'red' } });
        assertRefused(answer, 400, 'invalid_request');
        const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
        assert.ok(pointers.includes('/colour'), answer.text);
      });

      it('refuses an oversized body, and what is no JSON', async () => {
        const large = JSON.stringify({ x: 'x'.repeat(70_000) });
        assertRefused(await send(route, { raw: large }), 413, 'body_too_large');
        assertRefused(await send(route, { raw: '{"x":' }), 400, 'malformed_json');
        assertRefused(await send(route, { raw: '{"x":1,"x":2}' }), 400, 'duplicate_key');
      });
    });
  }
});

describe('where a secret can be guessed', () => {
  /** Fields that open something when they are right. */
  const secrets = ['password', 'current_password', 'code', 'token', 'credential'];
  /** A passkey that is being made opens nothing yet. */
  const harmless = ['POST /v1/account/passkeys'];

  it('guesses are counted per address', () => {
    for (const route of withBody) {
      const fields = Object.keys(route.body?.properties ?? {});
      if (!fields.some((field) => secrets.includes(field))) continue;
      if (harmless.includes(name(route))) continue;
      assert.equal(route.throttled, true, name(route));
    }
  });

  it('and so is whatever somebody unknown can change', () => {
    for (const route of routes) {
      if (route.permission !== 'anyone' || route.method === 'GET') continue;
      assert.equal(route.throttled, true, name(route));
    }
  });
});

describe('a route that needs nobody', () => {
  it('does not look at an API key, so that none makes it do more or less', async () => {
    const { key } = await office.operator.mint(office.organization);
    for (const route of routes.filter(({ permission }) => permission === 'anyone')) {
      if (route.method === 'GET') continue;
      const headers = { origin: office.api.origin };
      const call = { headers, body: { colour: 'red' } };
      const plain = await office.api.call(route.method, route.path, call);
      for (const one of [key, 'nonsense']) {
        const answer = await office.api.call(route.method, route.path, { ...call, key: one });
        assert.equal(answer.status, plain.status, name(route));
        assert.equal(answer.body?.code, plain.body?.code, name(route));
      }
    }
  });
});
