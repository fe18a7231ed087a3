import {
  type ErrorCode,
  errorTable,
  isPermission,
  permissions,
  type Standing,
  standings,
  type VisitorPermission,
  visitorPermissions,
} from 'payos-contract';
import type { Route } from '../../server/src/core/http/route.ts';
import { byStatus, errorsOfRoute } from './errors-of-route.ts';
import { exampleOf, requestExamples } from './examples.ts';
import { canonical, type Json, namesByForm, withReferences } from './schemas.ts';

type Named = Record<string, Json>;

/** One route as an OpenAPI operation. */
export function operationOf(route: Route, named: Named): Json {
  const name = nameOf(route.body, named);
  const example = name === undefined ? undefined : requestExamples[name];
  const status = String(route.response.status);
  const answer = plain(route.response.schema);
  return {
    operationId: operationId(route.method, route.path),
    tags: [route.tag],
    summary: route.summary,
    'x-permission': route.permission,
    description: whoMay(route.permission),
    security: securityOf(route.permission),
    parameters: parametersOf(route, named),
    ...(route.body && {
      requestBody: {
        required: (plain(route.body)['required'] as unknown[] | undefined) !== undefined,
        content: {
          'application/json': {
            schema: withReferences(route.body, named),
            ...(example && { example }),
          },
        },
      },
    }),
    responses: {
      [status]: success(
        withReferences(answer, named),
        exampleOf(answer),
        route.idempotency !== undefined,
      ),
      ...problems(errorsOfRoute(route)),
    },
  };
}

const plain = (schema: unknown) => JSON.parse(JSON.stringify(schema)) as Json;

const whom: Record<Standing | VisitorPermission, string> = { ...standings, ...visitorPermissions };

function whoMay(permission: string): string {
  if (!isPermission(permission)) return `For whom: ${whom[permission as keyof typeof whom]}.`;
  const text = permissions[permission].text.toLowerCase();
  return `Needs the permission \`${permission}\`: ${text}.`;
}

/** An API key or a session; a session alone for what is people's own. */
function securityOf(permission: string): Json[] {
  const bySession = { session: [] };
  if (permission === 'anyone') return [];
  if (Object.hasOwn(visitorPermissions, permission)) return [{ checkout: [] }];
  if (!isPermission(permission) || 'people' in permissions[permission]) return [bySession];
  return [{ bearer: [] }, bySession];
}

function nameOf(schema: unknown, named: Named): string | undefined {
  if (schema === undefined) return undefined;
  return namesByForm(named).get(canonical(schema));
}

/** The answer of an operation that did what it was asked. */
export function success(schema: unknown, example: unknown, replayable: boolean): Json {
  return {
    description: 'Done',
    headers: {
      ...headers,
      ...(replayable && { 'Idempotency-Replayed': ref('headers', 'IdempotencyReplayed') }),
    },
    content: { 'application/json': { schema, example } },
  };
}

/** The error answers of an operation, by status. `x-codes` lists the codes of each. */
export function problems(codes: readonly ErrorCode[]): Json {
  return Object.fromEntries(
    byStatus(codes).map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `\`${code}\`: ${errorTable[code].title}`).join(' '),
        'x-codes': some,
        headers: {
          'PayOS-Request-Id': ref('headers', 'RequestId'),
          ...(status === 429 && { 'Retry-After': ref('headers', 'RetryAfter') }),
        },
        content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } },
      },
    ]),
  );
}

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

const headers = {
  'PayOS-Request-Id': ref('headers', 'RequestId'),
  'PayOS-Version': ref('headers', 'Version'),
  'RateLimit-Policy': ref('headers', 'RateLimitPolicy'),
  RateLimit: ref('headers', 'RateLimit'),
};

function parametersOf({ params, query, idempotency }: Route, named: Named): Json[] {
  const list = (schema: unknown, place: 'path' | 'query') => {
    const { properties = {}, required = [] } = plain(schema ?? {}) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...part }]) => ({
      name,
      in: place,
      required: required.includes(name),
      description: description ?? parameterTexts[name] ?? '',
      schema: withReferences(part, named),
    }));
  };
  return [...list(params, 'path'), ...list(query, 'query'), ...sharedParameters(idempotency)];
}

export type Idempotency = Route['idempotency'];

/** The headers that every operation, or every one that can be repeated, takes. */
export function sharedParameters(idempotency: Idempotency): Json[] {
  const key = idempotency === 'required' ? 'IdempotencyKeyRequired' : 'IdempotencyKey';
  return [
    ...(idempotency === undefined ? [] : [ref('parameters', key)]),
    ref('parameters', 'Version'),
  ];
}

const parameterTexts: Record<string, string> = {
  id: 'Id of the object',
  limit: 'How many objects to answer at most',
  after: 'Objects after this id: `next` of the page before',
  before: 'Objects before this id',
  status: 'Only objects with this status',
  customer: 'Only objects of this customer',
  reference: 'Only objects with this reference of yours',
  payment: 'Only refunds of this payment',
  event: 'Only deliveries of this event',
  type: 'Only events of this type',
  created_after: 'Only objects created at this time or later',
  created_before: 'Only objects created before this time',
};

const verbs: Record<string, string> = {
  GET: 'get',
  POST: 'create',
  PATCH: 'update',
  DELETE: 'delete',
};

/** `createPayment`, `listPayments`, `getPayment`, `capturePayment`, … from method and path. */
function operationId(method: string, path: string): string {
  const words = path.split('/').slice(2);
  const [resource = '', second, action] = words;
  if (second !== undefined && !second.startsWith(':')) return nestedId(method, words);
  if (action !== undefined && method === 'POST') return camel(action) + pascal(singular(resource));
  if (action !== undefined) return `list${pascal(singular(resource))}${pascal(action)}`;
  if (method === 'GET' && words.length === 1 && isMany(resource)) return `list${pascal(resource)}`;
  return (verbs[method] ?? method) + pascal(singular(resource));
}

/** `listAccountSessions`, `deleteAccountSession`, `createSignInPassword`: what is below a thing. */
function nestedId(method: string, words: readonly string[]): string {
  const names = words.filter((word) => !word.startsWith(':'));
  const last = names.pop() ?? '';
  const listed = method === 'GET' && names.length + 1 === words.length && isMany(last);
  const verb = listed ? 'list' : (verbs[method] ?? method);
  return verb + names.map(singular).map(pascal).join('') + pascal(listed ? last : singular(last));
}

const isMany = (word: string) => word.endsWith('s');
const singular = (word: string) => word.replace(/ies$/, 'y').replace(/s$/, '');
const camel = (word: string) =>
  word.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const pascal = (word: string) =>
  word.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
