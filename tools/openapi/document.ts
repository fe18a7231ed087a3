import {
  allEventTypes,
  apiVersionLatest,
  apiVersions,
  type EventType,
  eventTypes,
} from 'payos-contract';
import { registry } from './inert-routes.ts';
import { operationOf } from './operation.ts';
import { type Json, namedSchemas, withReferences } from './schemas.ts';
import { vaultDocument } from './vault-document.ts';

/** Where an installation is until somebody says otherwise; a running one fills in its own. */
const apiServer = { url: 'https://localhost:8443', description: 'The API' };
const vaultServer = { url: 'https://localhost:8444', description: 'The vault' };

const info = {
  title: 'PayOS',
  version: apiVersionLatest,
  summary: 'Self-hosted payments: a card becomes a token, a token becomes a payment.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

export type Documents = {
  /** What merchants may ask: served, committed. */
  public: Json;
  /** The same with every named schema, those of operators included: for the SDK's types. */
  complete: Json;
};

/** Builds the OpenAPI 3.1 document from the route registry and the vault's own document. */
export async function buildDocuments(): Promise<Documents> {
  const vault = await vaultDocument();
  const named = { ...namedSchemas(), ...vault.schemas };
  const schemas = Object.fromEntries(
    Object.entries(named)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => [name, withReferences(schema, named, name)]),
  );
  const paths = inReadingOrder({ ...vaultPaths(vault.paths, named), ...serverPaths(named) });
  const rest = {
    openapi: '3.1.0',
    info,
    servers: [apiServer],
    tags: tagsOf(paths),
    paths,
    webhooks: Object.fromEntries(allEventTypes.map((type) => [type, webhookOf(type)])),
  };
  const components = { ...shared, schemas };
  const reachable = reachableSchemas({ ...rest, ...shared }, schemas);
  return {
    public: { ...rest, components: { ...shared, schemas: reachable } },
    complete: { ...rest, components },
  };
}

function serverPaths(named: Record<string, Json>): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const route of registry()) {
    if (route.surface !== 'public') continue;
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const item = paths[path] ?? {};
    paths[path] = item;
    item[route.method.toLowerCase()] = operationOf(route, named);
  }
  return paths;
}

function vaultPaths(paths: Record<string, Json>, named: Record<string, Json>) {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      { servers: [vaultServer], ...(withReferences(item, named) as Json) },
    ]),
  );
}

/** What belongs together stands together: collections before their objects, these before verbs. */
function inReadingOrder(paths: Record<string, Json>): Record<string, Json> {
  const tags = tagsOf(paths).map(({ name }) => name);
  const place = ([path, item]: [string, Json]) => {
    const [tag] = tagsOf({ [path]: item });
    return tags.indexOf(tag?.['name']) * 100 + path.split('/').length;
  };
  return Object.fromEntries(Object.entries(paths).sort((a, b) => place(a) - place(b)));
}

function tagsOf(paths: Record<string, Json>): Json[] {
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  const names = operations.flatMap((operation) => (operation as { tags?: string[] }).tags ?? []);
  return [...new Set(names)].map((name) => ({ name }));
}

const dataOf: Record<string, string> = {
  payment: 'Payment',
  refund: 'Refund',
  checkout_session: 'CheckoutSession',
  customer: 'Customer',
  payment_method: 'PaymentMethod',
  api_key: 'ApiKey',
  card_gate: 'CardGateAttestation',
  reveal_key: 'RevealKey',
  card: 'Reveal',
  webhook_endpoint: 'WebhookEndpoint',
  member: 'Member',
  invitation: 'Invitation',
  role: 'Role',
  security_policy: 'SecurityPolicy',
};

function webhookOf(type: EventType): Json {
  const ofReset = type.startsWith('member.factor_reset');
  const object = ofReset ? 'FactorReset' : dataOf[type.split('.')[0] ?? ''];
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: true,
    description,
    schema: { type: 'string' },
  });
  return {
    post: {
      summary: eventTypes[type].text,
      parameters: [
        header('webhook-id', 'Id of the event: the same in every attempt to deliver it'),
        header('webhook-timestamp', 'When this attempt was made, in seconds since 1970'),
        header('webhook-signature', '`v1,` and the HMAC-SHA-256 of id, timestamp and body'),
      ],
      requestBody: {
        content: {
          'application/json': {
            schema: {
              allOf: [
                ref('schemas', 'Event'),
                {
                  type: 'object',
                  properties: { type: { const: type }, data: ref('schemas', object ?? 'Event') },
                },
              ],
            },
          },
        },
      },
      responses: { '2XX': { description: 'Received. Anything else is tried again later.' } },
    },
  };
}

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });
const textHeader = (description: string) => ({ description, schema: { type: 'string' } });

const idempotencyKey = (required: boolean, description: string) => ({
  name: 'Idempotency-Key',
  in: 'header',
  required,
  description,
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
});

const shared = {
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description: 'An API key: `Authorization: Bearer payos_sk_…`',
    },
    checkout: {
      type: 'http',
      scheme: 'bearer',
      description:
        'The secret of a checkout session, from its URL: `Authorization: Bearer payos_cs_…`. ' +
        'For the page of the session alone.',
    },
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: '__Host-payos_session',
      description:
        'A signed-in person in a browser. Changes also carry `Origin` and, once there is a ' +
        'session, `PayOS-CSRF` with its `csrf_token`. `PayOS-Mode: live` chooses live mode.',
    },
  },
  parameters: {
    IdempotencyKeyRequired: idempotencyKey(
      true,
      'A new random value per intended operation, the same when you try again. Kept for 24 hours.',
    ),
    IdempotencyKey: idempotencyKey(
      false,
      'Makes it safe to send the request again: the answer to the first is repeated.',
    ),
    Version: {
      name: 'PayOS-Version',
      in: 'header',
      required: false,
      description: 'The version to speak for this request. Without it: the one of the API key.',
      schema: { enum: [...apiVersions] },
    },
  },
  headers: {
    RequestId: textHeader('Names this request in the logs, e.g. `req_…`'),
    Version: textHeader('The API version that was spoken'),
    RateLimitPolicy: textHeader('The limit: `q` requests in `w` seconds'),
    RateLimit: textHeader('What is left: `r` requests, full again in `t` seconds'),
    RetryAfter: textHeader('How many seconds to wait'),
    IdempotencyReplayed: textHeader('`true` when this is the stored answer of an earlier request'),
  },
};

/** The named schemas that a document refers to, directly or through others. */
function reachableSchemas(from: unknown, schemas: Record<string, unknown>) {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(schemas[name]);
    }
  };
  visit(from);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => found.has(name)));
}
