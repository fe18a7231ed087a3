import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import type { KeyCheck } from '../api/check-key.ts';
import { Refusal } from '../core/problem.ts';
import { openFields } from './routes.ts';

describe('secure fields that were not built', () => {
  const said: string[] = [];
  const fields = openFields('/nowhere/fields/dist', {
    keyCheck: { check: () => Promise.reject(new Error('asked')) } satisfies KeyCheck,
    liveMode: { isOpen: () => false },
    log: (_level, event) => said.push(event),
  });
  const ask = (url: string) => fields.requireBuild({ url } as IncomingMessage);

  it('are refused by name, and told in the log', () => {
    const isRight = (error: unknown) =>
      error instanceof Refusal && error.code === 'fields_not_built';
    assert.throws(() => ask('/fields/v1.0.0/payos.js'), isRight);
    assert.deepEqual(said, ['fields_not_built']);
    assert.deepEqual(fields.routes, {});
  });

  it('stand in the way of nothing else', () => {
    ask('/v1/tokens');
    ask('/fieldsman');
  });
});
