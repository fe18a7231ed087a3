import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apiVersionLatest, errorTable } from 'payos-contract';
import { codesThatNeedANewKey } from '../sdk/src/retry.ts';
import { apiVersionOfTypes } from '../sdk/src/version.ts';
import { generateSdkTypes, missingSdkSchemas, sdkSchemaNames } from './sdk-types.ts';

const Problem = { type: 'object', properties: { code: { enum: ['not_found', "it's"] } } };
const generate = (schemas: object) =>
  generateSdkTypes({ components: { schemas: { Problem, ...schemas } } });
const typeOf = (schema: unknown) => {
  const text = generate({ X: { type: 'object', required: ['x'], properties: { x: schema } } });
  return /export type X = \{\n {2}x:\s*([\s\S]*?);\n\};/.exec(text)?.[1];
};

test('each form of a schema has its type', () => {
  const cases: [unknown, string][] = [
    [{ type: 'string', format: 'date-time' }, 'string'],
    [{ type: 'integer' }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, 'boolean | null'],
    [{ oneOf: [{ const: 1 }, { const: 1 }, { const: 'a' }] }, "1 | 'a'"],
    [{ enum: ['a', null] }, "'a' | null"],
    [{ const: 'a\\b\'c"d\n' }, `'a\\\\b\\'c"d\\n'`],
    [{ type: 'array', items: { type: 'number' } }, 'number[]'],
    [{ type: 'array', items: { type: ['number', 'null'] } }, '(number | null)[]'],
    [{ type: 'array' }, 'unknown[]'],
    [{ type: 'object' }, 'Record<string, unknown>'],
    [{ type: 'object', additionalProperties: false }, 'Record<string, never>'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'Record<string, string>'],
    [{ type: 'object', patternProperties: { '^a': { type: 'string' } } }, 'Record<string, string>'],
    [{ $ref: '#/components/schemas/Problem' }, 'Problem'],
    [
      { allOf: [{ $ref: '#/components/schemas/Problem' }, { anyOf: [{}, { type: 'null' }] }] },
      'Problem & (unknown | null)',
    ],
    [{}, 'unknown'],
    [true, 'unknown'],
  ];
  for (const [schema, expected] of cases) assert.equal(typeOf(schema), expected);
});

test('optional members, descriptions, and names that need quotes', () => {
  const properties = {
    'a-b': { type: 'string', description: 'Says */ what' },
    b: { type: 'integer' },
  };
  const text = generate({
    X: { type: 'object', description: 'An X', required: ['b'], properties },
  });
  const expected = `/** An X */
export type X = {
  /** Says * / what */
  'a-b'?: string | undefined;
  b: number;
};
`;
  assert.ok(text.includes(expected), text);
});

test('a part that equals a named schema refers to it, whatever it is described as', () => {
  const Card = { type: 'object', properties: { last4: { type: 'string' } } };
  const card = { properties: Card.properties, type: 'object', description: 'The card' };
  const text = generate({ Card, Pay: { type: 'object', properties: { card } } });
  assert.match(text, /card\?: Card \| undefined;/);
});

test('the error codes become a union of their own, which Problem refers to', () => {
  const text = generate({});
  assert.match(text, /export type ErrorCode = 'not_found' \| 'it\\'s';/);
  assert.match(text, /code\?: ErrorCode \| undefined;/);
});

test('what cannot be expressed is refused by name', () => {
  assert.throws(() => generate({ X: { type: 'file' } }), /schema X: unknown type file/);
  assert.throws(() => generate({ X: { $ref: 'other.json' } }), /schema X: cannot follow/);
  assert.throws(() => generate({ 'x;y': {} }), /not a type name/);
  assert.throws(() => generate({ Problem: { type: 'object', properties: {} } }), /no code/);
  assert.throws(() => generateSdkTypes({}), /no components/);
});

test('the committed types have every name the SDK and the command line use', () => {
  const text = readFileSync(new URL('../sdk/src/generated/types.ts', import.meta.url), 'utf8');
  const names = new Set([...text.matchAll(/^export type (\w+) =/gm)].map((match) => match[1]));
  assert.deepEqual(
    sdkSchemaNames.filter((name) => !names.has(name)),
    [],
  );
  assert.deepEqual(
    missingSdkSchemas({ components: { schemas: {} } }).length,
    sdkSchemaNames.length,
  );
});

test('the SDK knows every error code, the newest version, and which codes need a new key', () => {
  const text = readFileSync(new URL('../sdk/src/generated/types.ts', import.meta.url), 'utf8');
  const union = /export type ErrorCode =([^;]*);/.exec(text)?.[1] ?? '';
  const codes = [...union.matchAll(/'(\w+)'/g)].map((match) => match[1]);
  assert.deepEqual(codes.sort(), Object.keys(errorTable).sort());
  assert.equal(apiVersionOfTypes, apiVersionLatest);
  const needNewKey = Object.entries(errorTable)
    .filter(([, { fix }]) => /with a new Idempotency-Key(?! if)/.test(fix))
    .map(([code]) => code);
  assert.deepEqual(needNewKey, [...codesThatNeedANewKey]);
});
