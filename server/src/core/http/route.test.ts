import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Type from 'typebox';
import { publicRoute } from './route.ts';

const sound = {
  method: 'POST' as const,
  path: '/v1/things',
  permission: 'payments:write' as const,
  summary: 'Make a thing',
  tag: 'Things',
  body: Type.Object({}, { additionalProperties: false }),
  response: { status: 201, schema: Type.Object({}) },
  idempotency: 'optional' as const,
  handle: async () => ({}),
};

describe('declaring a route', () => {
  it('takes a sound one', () => {
    assert.equal(publicRoute(sound).surface, 'public');
  });

  it('fails without a permission', () => {
    const { permission: _, ...without } = sound;
    assert.throws(() => publicRoute(without as never), /declares no permission/);
  });

  it('fails when its body takes unknown fields', () => {
    const open = { ...sound, body: Type.Object({}) };
    assert.throws(() => publicRoute(open), /takes unknown fields/);
  });

  it('fails when a POST does not say whether it needs an Idempotency-Key', () => {
    const { idempotency: _, ...without } = sound;
    assert.throws(() => publicRoute(without), /Idempotency-Key/);
  });
});
