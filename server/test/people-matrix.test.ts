import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  builtInRoleIds,
  builtInRoles,
  isPermission,
  isWide,
  keyPermissions,
  type Mode,
  type Permission,
  type StepUpAct,
  standings,
  stepUpActs,
  touchesVault,
  visitorPermissions,
} from 'payos-contract';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import type { Route } from '../src/core/http/route.ts';
import { inertRoutes } from './inert-routes.ts';
import { openSharedOffice, type SharedOffice } from './office.ts';

/**
 * Every route × everybody who might come with a session: each role, given in test or in live mode,
 * in both modes; sessions that are not finished, stale, without their token, of somebody disabled.
 */
const routes = inertRoutes().filter(
  (route) => route.surface === 'public' && !Object.hasOwn(visitorPermissions, route.permission),
);
const ofMerchants = routes.filter((route) => isPermission(route.permission));
const ofPeople = routes.filter((route) => Object.hasOwn(standings, route.permission));
const modes: readonly Mode[] = ['test', 'live'];

let office: SharedOffice;
before(async () => {
  office = await openSharedOffice();
});
after(async () => office?.stop());

const name = (route: Route) => `${route.method} ${route.path}`;

/** A request that reaches the verb at most with an object that is not there: it changes nothing. */
function send(by: Person, route: Route, mode: Mode = 'live', headers = {}): Promise<Answer> {
  const body = route.body === undefined ? {} : { body: { colour: 'red' } };
  return by.call(route.method, harmless(route), { ...body, mode, headers });
}

function harmless({ path, params }: Route): string {
  const { id } = (params?.properties ?? {}) as { id?: { pattern?: string } };
  const prefix = /^\^([a-z]+)_/.exec(id?.pattern ?? '')?.[1];
  return path.replace(':id', `${prefix}_1111111111111111111111`);
}

function assertRefused(answer: Answer, status: number, code: string, what: string): void {
  assert.equal(`${answer.status} ${answer.body?.code}`, `${status} ${code}`, what);
}

/** Whatever came of it: nobody was turned away at the door. */
function assertLetIn(answer: Answer, what: string): void {
  const code = answer.body?.code;
  const atDoor = answer.status === 401 || answer.status >= 500 || code === 'permission_denied';
  assert.ok(!atDoor && code !== 'step_up_required', `${what}: ${answer.text}`);
}

const grants = (role: (typeof builtInRoleIds)[number], permission: string) =>
  (builtInRoles[role].permissions as readonly string[]).includes(permission);

describe('a route lets in exactly whom the table of permissions names', () => {
  const people = new Map<string, Person>();
  before(async () => {
    for (const role of builtInRoleIds) {
      people.set(`${role} test`, await office.join({ test: role, live: null }));
      people.set(`${role} live`, await office.join({ test: null, live: role }));
    }
  });

  for (const route of ofMerchants) {
    it(name(route), async () => {
      const permission = route.permission as Permission;
      const cases = builtInRoleIds.flatMap((role) =>
        modes.flatMap((given) => modes.map((mode) => ({ role, given, mode }))),
      );
      const asked = cases.map(async ({ role, given, mode }) => {
        const person = people.get(`${role} ${given}`) as Person;
        const answer = await send(person, route, mode);
        const counts = isWide(permission) ? given === 'live' : given === mode;
        const what = `${role} in ${given} mode, asking in ${mode} mode`;
        if (counts && grants(role, permission)) return assertLetIn(answer, what);
        assertRefused(answer, 403, 'permission_denied', what);
        assert.ok(answer.body.detail.includes(permission), answer.text);
      });
      await Promise.all(asked);
    });
  }

  it('covers every permission that a route needs, and every role', () => {
    const needed = new Set(ofMerchants.map((route) => route.permission));
    assert.ok(needed.size >= 14, [...needed].join());
    assert.equal(people.size, 2 * builtInRoleIds.length);
  });
});

describe('a route of merchants', () => {
  it('refuses who has not finished signing in, who was disabled, and who signed out', async () => {
    const unfinished = [
      await office.join('owner', { state: 'second_factor' }),
      await office.join('owner', { state: 'enrollment' }),
    ];
    const disabled = await office.join('owner', { disabled: true });
    const gone = await office.join('owner');
    await office.rows('UPDATE sessions SET ended_at = now() WHERE id = $1', [gone.session]);
    const old = await office.join('owner');
    const last = `UPDATE sessions SET last_used_at = now() - interval '16 minutes' WHERE id = $1`;
    await office.rows(last, [old.session]);
    const long = await office.join('owner');
    const begun = `UPDATE sessions SET created_at = now() - interval '721 minutes' WHERE id = $1`;
    await office.rows(begun, [long.session]);
    for (const route of ofMerchants) {
      for (const person of unfinished) {
        assertRefused(await send(person, route), 401, 'sign_in_unfinished', name(route));
      }
      assertRefused(await send(disabled, route), 403, 'no_organization', name(route));
      for (const person of [gone, old, long]) {
        assertRefused(await send(person, route), 401, 'session_expired', name(route));
      }
    }
  });

  it('takes the mode from a header that says test or live', async () => {
    const owner = await office.join('owner');
    const [route] = ofMerchants;
    assert.ok(route);
    const answer = await send(owner, route, 'live', { 'payos-mode': 'prod' });
    assertRefused(answer, 400, 'invalid_request', name(route));
  });
});

describe('a route of people', () => {
  it('refuses who is not signed in, and API keys', async () => {
    const { key } = await office.operator.mint(office.organization, {
      mode: 'live',
      permissions: keyPermissions('live'),
    });
    const headers = { origin: office.api.origin };
    for (const route of ofPeople) {
      if (route.permission === 'anyone') continue;
      const call = { headers, ...(route.body && { body: {} }) };
      const unknown = await office.api.call(route.method, harmless(route), call);
      assertRefused(unknown, 401, 'not_signed_in', name(route));
      // A program names no page that it comes from.
      const byProgram = { ...(route.body && { body: {} }), key };
      const byKey = await office.api.call(route.method, harmless(route), byProgram);
      assertRefused(byKey, 403, 'people_only', name(route));
    }
  });

  it('of a finished sign-in refuses one that is not', async () => {
    for (const state of ['second_factor', 'enrollment'] as const) {
      const person = await office.join('owner', { state });
      for (const route of ofPeople) {
        if (route.permission !== 'account') continue;
        assertRefused(await send(person, route), 401, 'sign_in_unfinished', name(route));
      }
    }
  });
});

describe('a change from another site (CSRF)', () => {
  it('is refused: without the token, with another`s, from another origin', async () => {
    const [owner, other] = [await office.join('owner'), await office.join('owner')];
    const foreign = { 'payos-csrf': other.headers('live')['payos-csrf'] };
    const changes = routes.filter((route) => route.method !== 'GET' && !route.fromPrograms);
    // Nobody's session counts there.
    const others = routes.filter((route) => route.fromPrograms).map(name);
    assert.deepEqual(others, ['POST /v1/secret_scanning/alerts']);
    assert.ok(changes.length >= 40, `${changes.length} routes`);
    for (const route of changes) {
      const elsewhere = await send(owner, route, 'live', { origin: 'https://evil.example' });
      assertRefused(elsewhere, 403, 'wrong_origin', name(route));
      if (route.permission === 'anyone') continue;
      for (const forged of [{ 'payos-csrf': '' }, foreign]) {
        assertRefused(await send(owner, route, 'live', forged), 403, 'csrf_mismatch', name(route));
      }
    }
  });
});

describe('an act that asks for a factor again', () => {
  const asking = routes.filter((route) => route.stepUp !== undefined);

  /** Written out, so that a route which no longer asks is noticed. */
  const expected: Record<StepUpAct, readonly string[]> = {
    change_password: ['POST /v1/account/password'],
    change_email: ['POST /v1/account/email'],
    add_factor: [
      'POST /v1/account/passkey_options',
      'POST /v1/account/passkeys',
      'POST /v1/account/totp',
      'POST /v1/account/totp/confirm',
    ],
    change_factors: [
      'DELETE /v1/account/passkeys/:id',
      'DELETE /v1/account/totp',
      'POST /v1/account/recovery_codes',
    ],
    invite_member: ['POST /v1/invitations', 'POST /v1/invitations/:id/renew'],
    change_member_roles: ['PATCH /v1/members/:id'],
    restore_member: ['POST /v1/members/:id/enable', 'POST /v1/members/:id/unlock'],
    decide_factor_reset: ['POST /v1/factor_resets/:id/approve'],
    change_roles: ['DELETE /v1/roles/:id', 'PATCH /v1/roles/:id', 'POST /v1/roles'],
    change_security_policy: ['PATCH /v1/security_policy'],
    disable_member: ['POST /v1/members/:id/disable'],
    leave_organization: ['POST /v1/members/leave'],
    rename_organization: ['PATCH /v1/organization'],
    change_branding: ['PATCH /v1/organization/branding'],
    change_forward_destinations: [
      'DELETE /v1/forward_destinations/:id',
      'POST /v1/forward_destinations',
    ],
    decide_forward_destination: ['POST /v1/forward_destinations/:id/approve'],
    change_webhook_endpoints: [
      'DELETE /v1/webhook_endpoints/:id',
      'PATCH /v1/webhook_endpoints/:id',
      'POST /v1/webhook_endpoints',
    ],
    create_api_key: ['POST /v1/api_keys'],
    rotate_api_key: ['POST /v1/api_keys/:id/rotate'],
    change_key_policy: ['PATCH /v1/api_key_policy'],
    change_api_key: ['PATCH /v1/api_keys/:id', 'POST /v1/api_keys/:id/enable'],
    request_card_gate: ['POST /v1/card_gate/attestations', 'POST /v1/reveal_keys'],
    approve_card_gate: [
      'POST /v1/card_gate/attestations/:id/approve',
      'POST /v1/reveal_keys/:id/approve',
    ],
    delete_saved_card: ['DELETE /v1/payment_methods/:id'],
  };
  for (const act of Object.keys(stepUpActs) as StepUpAct[]) {
    it(`${act} is what these routes name, and no others`, () => {
      const naming = asking.filter((route) => route.stepUp === act).map(name);
      assert.deepEqual(naming.sort(), expected[act]);
    });
  }

  it('is refused five minutes after the last factor, and not before', async () => {
    const [stale, fresh] = [
      await office.join('owner', { factorAge: 301 }),
      await office.join('owner', { factorAge: 270 }),
    ];
    for (const route of asking) {
      const refused = await send(stale, route);
      assertRefused(refused, 403, 'step_up_required', name(route));
      assert.deepEqual(refused.body.methods, ['passkey', 'totp']);
      assertLetIn(await send(fresh, route), name(route));
    }
  });

  it('is refused who never gave a factor but a recovery code long ago', async () => {
    const person = await office.join('owner', { proofs: ['password', 'recovery_code'] });
    const begun = `UPDATE sessions SET created_at = now() - interval '16 minutes' WHERE id = $1`;
    await office.rows(begun, [person.session]);
    for (const route of asking) {
      assertRefused(await send(person, route), 403, 'step_up_required', name(route));
    }
  });

  it('on the vault asks for more than a passkey', async () => {
    const passkey = await office.join('owner', { proofs: ['passkey'] });
    const more = [
      await office.join('owner', { proofs: ['passkey', 'password'] }),
      await office.join('owner', { proofs: ['passkey', 'totp'] }),
    ];
    const onVault = asking.filter((route) => route.stepUp && touchesVault(route.stepUp));
    assert.ok(onVault.length > 0);
    for (const route of onVault) {
      const refused = await send(passkey, route);
      assertRefused(refused, 403, 'step_up_required', name(route));
      assert.deepEqual(refused.body.methods, ['password', 'totp']);
      for (const person of more) assertLetIn(await send(person, route), name(route));
    }
  });
});
