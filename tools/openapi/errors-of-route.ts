import { type ErrorCode, errorTable, standings, visitorPermissions } from 'payos-contract';
import type { Route } from '../../server/src/core/http/route.ts';

type Asked = Pick<Route, 'params' | 'query' | 'body' | 'errors' | 'idempotency'> &
  Partial<Pick<Route, 'method' | 'permission' | 'stepUp'>>;

const always: readonly ErrorCode[] = [
  'invalid_version',
  'rate_limited',
  'internal_error',
  'unavailable',
];
const ofKeys: readonly ErrorCode[] = [
  'invalid_api_key',
  'revoked_api_key',
  'publishable_key_refused',
];
const withBody: readonly ErrorCode[] = [
  'malformed_json',
  'duplicate_key',
  'too_deeply_nested',
  'invalid_text',
  'invalid_request',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'card_data_refused',
];
const ofMerchants: readonly ErrorCode[] = [
  'missing_api_key',
  'permission_denied',
  'sign_in_unfinished',
  'session_expired',
  'no_organization',
  'network_refused',
  'email_domain_refused',
  'factor_not_allowed',
];
const ofPeople: readonly ErrorCode[] = ['people_only', 'not_signed_in', 'session_expired'];
const withKey: readonly ErrorCode[] = [
  'invalid_idempotency_key',
  'idempotency_conflict',
  'idempotency_mismatch',
];

/** Codes that depend on who may ask, and how they prove it. */
function errorsOfAsker({ permission = 'system', method, stepUp }: Asked): readonly ErrorCode[] {
  if (Object.hasOwn(visitorPermissions, permission)) return ['invalid_checkout_secret'];
  const standing = Object.hasOwn(standings, permission);
  const changes = method !== undefined && method !== 'GET';
  return [
    ...ofKeys,
    ...(standing ? (permission === 'anyone' ? [] : ofPeople) : ofMerchants),
    ...(permission === 'account' ? (['sign_in_unfinished'] as const) : []),
    ...(changes ? (['wrong_origin'] as const) : []),
    ...(changes && permission !== 'anyone' ? (['csrf_mismatch'] as const) : []),
    ...(stepUp === undefined ? [] : (['step_up_required'] as const)),
  ];
}

/** Codes a route may answer: its own, and those that follow from what it takes. */
export function errorsOfRoute(route: Asked): ErrorCode[] {
  const { params, query, body, idempotency } = route;
  const codes = new Set<ErrorCode>([
    ...route.errors,
    ...(params === undefined ? [] : (['not_found', 'invalid_request'] as const)),
    ...(query === undefined ? [] : (['invalid_request'] as const)),
    ...(body === undefined ? [] : withBody),
    ...(idempotency === 'required' ? (['idempotency_key_required'] as const) : []),
    ...(idempotency === undefined ? [] : withKey),
    ...always,
    ...errorsOfAsker(route),
  ]);
  const order = Object.keys(errorTable);
  return [...codes].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** Codes by HTTP status, in the order of the statuses. */
export function byStatus(codes: readonly ErrorCode[]): [number, ErrorCode[]][] {
  const statuses = [...new Set(codes.map((code) => errorTable[code].status))].sort();
  return statuses.map((status) => [
    status,
    codes.filter((code) => errorTable[code].status === status),
  ]);
}
