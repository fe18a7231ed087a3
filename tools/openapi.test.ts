import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  allEventTypes,
  allPermissions,
  errorTable,
  standings,
  visitorPermissions,
} from 'payos-contract';
import Schema from 'typebox/schema';
import { compileSerializer } from '../server/src/core/http/serialization.ts';
import { compileValidator } from '../server/src/core/http/validation.ts';
import { buildDocuments, type Documents } from './openapi/document.ts';
import { registry } from './openapi/inert-routes.ts';
import type { Json } from './openapi/schemas.ts';

type Operation = Json & {
  operationId: string;
  'x-permission': string;
  requestBody?: { content: Record<string, { schema: Json; example?: unknown }> };
  responses: Record<
    string,
    Json & { content: Record<string, { schema: Json; example?: unknown }> }
  >;
};

let documents: Documents;
let operations: [string, Operation][];
before(async () => {
  documents = await buildDocuments();
  const paths = documents.public['paths'] as Record<string, Record<string, Operation>>;
  operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'servers')
      .map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );
});

/** The schema with everything it refers to put in. */
function resolved(schema: unknown): unknown {
  const { schemas } = documents.public['components'] as { schemas: Record<string, Json> };
  if (Array.isArray(schema)) return schema.map(resolved);
  if (typeof schema !== 'object' || schema === null) return schema;
  const name = /\/(\w+)$/.exec(String(Reflect.get(schema, '$ref') ?? ''))?.[1];
  if (name !== undefined) return resolved(schemas[name]);
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, resolved(part)]));
}

describe('the OpenAPI document', () => {
  test('has every public route, and none of the others', () => {
    const routes = registry().filter(({ surface }) => surface === 'public');
    assert.equal(operations.length, routes.length + 1, 'the routes and the vault`s own');
    const text = JSON.stringify(documents.public);
    assert.doesNotMatch(text, /"\/(operator|internal)/);
    assert.doesNotMatch(text, /"(CheckKey|Forward|TokenDescription)"/);
  });

  test('is the same every time', async () => {
    assert.equal(JSON.stringify(await buildDocuments()), JSON.stringify(documents));
  });

  test('refers only to what is in it, and holds only what it refers to', () => {
    const text = JSON.stringify(documents.public);
    const components = documents.public['components'] as Record<string, Json>;
    for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g)) {
      assert.ok(components[kind]?.[name], `${kind}/${name}`);
    }
    for (const name of Object.keys(components['schemas'] ?? {})) {
      assert.ok(text.includes(`"#/components/schemas/${name}"`), name);
    }
  });

  test('gives every operation a name of its own, a permission, and known codes', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    assert.equal(new Set(names).size, names.length);
    for (const [where, operation] of operations) {
      const known = [...allPermissions, ...Object.keys({ ...standings, ...visitorPermissions })];
      assert.ok(known.includes(operation['x-permission']), where);
      for (const [status, answer] of Object.entries(operation.responses)) {
        for (const code of (answer['x-codes'] as (keyof typeof errorTable)[] | undefined) ?? []) {
          assert.equal(errorTable[code].status, Number(status), `${where}: ${code}`);
        }
      }
    }
  });

  test('shows examples that fit their schemas', () => {
    for (const [where, { requestBody, responses }] of operations) {
      const bodies = [requestBody, ...Object.values(responses)].flatMap((one) =>
        Object.values(one?.content ?? {}),
      );
      for (const { schema, example } of bodies) {
        if (example === undefined) continue;
        const [fits, errors] = Schema.Errors(resolved(schema) as Json, example);
        assert.ok(fits, `${where}: ${JSON.stringify(errors)}`);
      }
    }
    const wrong = { type: 'object', required: ['amount'] };
    assert.equal(Schema.Errors(wrong, {})[0], false, 'the check can fail');
  });

  test('tells every event', () => {
    assert.deepEqual(Object.keys(documents.public['webhooks'] as Json), allEventTypes);
  });
});

test('the schemas of all routes, which a server compiles when it needs them, do compile', () => {
  for (const { method, path: url, params, query, body, response } of registry()) {
    for (const [httpPart, schema] of Object.entries({ params, querystring: query, body })) {
      if (schema === undefined) continue;
      const validate = compileValidator({ method, url, httpPart, schema }) as unknown;
      const valid = (validate as (value: unknown) => unknown)({});
      assert.equal(typeof valid, 'boolean', `${httpPart} of ${method} ${url}`);
    }
    const serialize = compileSerializer({ method, url, schema: response.schema });
    try {
      serialize({});
    } catch (error) {
      const why = `answer of ${method} ${url}`;
      assert.match(String(error), /is required!$|does not match schema definition/, why);
    }
  }
});
