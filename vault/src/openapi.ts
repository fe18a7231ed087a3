import { type ErrorCode, errorTable, publishablePermissions, schemas } from 'payos-contract';
import { CreateCvcToken, CreateToken, CvcToken, Token } from './tokens/schemas.ts';

/*
 * Prints the OpenAPI 3.1 description of the vault's public API. The reference is made from it by
 * running this file, because nobody imports the vault.
 */

/** What can be answered besides a token. */
const codes: readonly ErrorCode[] = [
  'malformed_json',
  'duplicate_key',
  'too_deeply_nested',
  'invalid_text',
  'invalid_request',
  'invalid_version',
  'invalid_idempotency_key',
  'missing_api_key',
  'invalid_api_key',
  'revoked_api_key',
  'expired_api_key',
  'disabled_api_key',
  'wrong_mode',
  'ip_not_allowed',
  'origin_not_allowed',
  'secret_key_in_browser',
  'permission_denied',
  'fields_required',
  'ip_list_required',
  'card_gate_closed',
  'live_mode_unavailable',
  'request_timeout',
  'idempotency_conflict',
  'body_too_large',
  'unsupported_media_type',
  'test_card_required',
  'invalid_card',
  'card_expired',
  'idempotency_mismatch',
  'rate_limited',
  'internal_error',
  'unavailable',
];

const statuses = [...new Set(codes.map((code) => errorTable[code].status))].sort();
const refused = statuses.map((status) => [
  String(status),
  { 'x-codes': codes.filter((code) => errorTable[code].status === status) },
]);

const either = { anyOf: [CreateToken, CreateCvcToken] };
const eitherToken = { anyOf: [Token, CvcToken] };

const createToken = {
  operationId: 'createToken',
  tags: ['Tokens'],
  summary: 'Turn card details into a token',
  description:
    'Sent to the vault, from a browser with a publishable key or from a server with a secret ' +
    'key. The card number never comes back. In test mode only published test cards are taken. ' +
    'A token pays once, within its time, unless a payment saves it for a customer; one made with ' +
    '`"single_use":false` by a secret key pays several times until it expires. ' +
    'With `"type":"cvc"` it stands for the security code of a saved card, which is asked for ' +
    'once more.',
  security: [{ bearer: [] }],
  'x-permission': publishablePermissions[0],
  'x-idempotency': 'optional',
  requestBody: { required: true, content: { 'application/json': { schema: either } } },
  responses: {
    201: { description: 'Done', content: { 'application/json': { schema: eitherToken } } },
    ...Object.fromEntries(refused),
  },
};

/** What is answered where a card is read again, and nowhere else. */
const revealCodes: readonly ErrorCode[] = [
  'invalid_request',
  'idempotency_not_supported',
  'invalid_api_key',
  'permission_denied',
  'ip_list_required',
  'card_gate_closed',
  'reveal_key_unusable',
  'not_found',
  'card_data_refused',
  'reveal_limit_exceeded',
  'unavailable',
];
const { CreateReveal, SealedCard } = schemas;

const createReveal = {
  operationId: 'createReveal',
  tags: ['Card gate'],
  summary: 'Read a saved card again, sealed to a registered key',
  description:
    'Sent to the vault by a server, with a key that names `cards:reveal` and is bound to ' +
    'addresses, while the card gate is open. The answer holds a compact JWE for whoever has the ' +
    'private key. Every request is recorded with its reason, and counted. Never a security code.',
  security: [{ bearer: [] }],
  'x-permission': 'cards:reveal',
  requestBody: { required: true, content: { 'application/json': { schema: CreateReveal } } },
  responses: {
    201: { description: 'Done', content: { 'application/json': { schema: SealedCard } } },
    ...Object.fromEntries(
      [...new Set(revealCodes.map((code) => errorTable[code].status))].map((status) => [
        String(status),
        { 'x-codes': revealCodes.filter((code) => errorTable[code].status === status) },
      ]),
    ),
  },
};

const document = {
  openapi: '3.1.0',
  paths: { '/v1/tokens': { post: createToken }, '/v1/reveals': { post: createReveal } },
  components: {
    schemas: { CreateToken, CreateCvcToken, Token, CvcToken, CreateReveal, SealedCard },
  },
};
process.stdout.write(`${JSON.stringify(document)}\n`);
