import assert from 'node:assert/strict';
import { it } from 'node:test';
import Type from 'typebox';
import { bodyChecker } from './check.ts';
import { Refusal } from './problem.ts';

const check = bodyChecker(
  Type.Object(
    {
      token: Type.String({ pattern: '^tok_[1-9A-HJ-NP-Za-km-z]{22}$' }),
      month: Type.Integer({ minimum: 1, maximum: 12 }),
      kind: Type.Enum(['a', 'b']),
      name: Type.String({ minLength: 2, maxLength: 4 }),
      code: Type.String({ pattern: '^[A-Z]{3}$' }),
    },
    { additionalProperties: false },
  ),
);
const good = { token: `tok_${'1'.repeat(22)}`, month: 1, kind: 'a', name: 'abc', code: 'EUR' };

it('says what is expected where, and never what was sent', () => {
  assert.deepEqual(check(good), good);
  for (const [change, code, message] of [
    [{ token: 'tok_secret' }, 'wrong_format', 'an id like tok_…'],
    [{ month: 13 }, 'out_of_range', '<= 12'],
    [{ kind: 'secret' }, 'wrong_value', 'one of: a, b'],
    [{ name: 's' }, 'wrong_length', 'at least 2 characters long'],
    [{ name: 'secret' }, 'wrong_length', 'at most 4 characters long'],
    [{ code: 'secret' }, 'wrong_format', 'of the form ^[A-Z]{3}$'],
  ] as const) {
    assert.throws(
      () => check({ ...good, ...change }),
      (error) => {
        assert.ok(error instanceof Refusal);
        const [first] = error.extras.errors ?? [];
        const pointer = `/${Object.keys(change)[0]}`;
        const fix = 'Correct the value.';
        assert.deepEqual(first, { pointer, code, message: `This value must be ${message}.`, fix });
        assert.ok(!JSON.stringify(error.extras).includes('secret'));
        return true;
      },
    );
  }
});
