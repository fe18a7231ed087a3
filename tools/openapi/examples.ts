import type { Json } from './schemas.ts';

const id = (prefix: string) => `${prefix}_3kTMd8vQ2xRz7nYbWcH5pL`;
const time = '2026-11-23T10:00:00.000Z';

/** Bodies to send, by the name of their schema. A test holds them to it. */
export const requestExamples: Record<string, Json> = {
  CreatePayment: { amount: 1999, currency: 'EUR', token: id('tok'), reference: 'order-1042' },
  CapturePayment: { amount: 1500 },
  CancelPayment: { reason: 'Out of stock' },
  CreateRefund: { payment: id('pay'), amount: 500, reason: 'One item came back' },
  CreateCheckoutSession: {
    amount: 1999,
    currency: 'EUR',
    reference: 'order-1042',
    return_url: 'https://shop.example.com/thanks',
    cancel_url: 'https://shop.example.com/cart',
  },
  ConfirmCheckout: { try: 0, token: id('tok') },
  CreateCustomer: { reference: 'customer-42', name: 'Ada Lovelace', email: 'ada@example.com' },
  CreateWebhookEndpoint: {
    url: 'https://shop.example.com/webhooks',
    events: ['payment.succeeded', 'payment.failed'],
  },
  CreateForwardDestination: {
    name: 'Loyalty programme',
    url: 'https://shop.example/v1/',
    content_type: 'application/json',
    fields: { number: ['/card/number'], expiry: ['/card/exp_month', '/card/exp_year'] },
  },
  CreateForward: {
    token: id('tok'),
    request: {
      method: 'POST',
      url: 'https://shop.example/v1/members',
      headers: { Authorization: 'Bearer key-of-the-loyalty-programme' },
      body: {
        member: 'customer-42',
        card: {
          number: '{{card.number}}',
          exp_month: '{{card.exp_month}}',
          exp_year: '{{card.exp_year}}',
        },
      },
    },
  },
  UpdateWebhookEndpoint: { status: 'disabled' },
  CreateToken: {
    type: 'card',
    card: { number: '4242424242424242', exp_month: 12, exp_year: 2031, cvc: '123' },
  },
};

/** Values that say more than the first that fits. `null` where it is the usual case. */
const values: Json = {
  amount_captured: 1999,
  amount_refundable: 1999,
  amount_refunded: 0,
  amount: 1999,
  api_version: '2026-11-23',
  attempts: undefined,
  bin: '424242',
  brand: 'visa',
  before: id('pay'),
  after: id('pay'),
  capture: 'automatic',
  currency: 'EUR',
  customer: id('cus'),
  cvc_check: 'pass',
  decline_code: null,
  description: 'Two tickets',
  disabled_reason: null,
  duration_ms: 84,
  email: 'ada@example.com',
  error: null,
  event_type: 'payment.succeeded',
  events: ['payment.succeeded', 'payment.failed'],
  exp_month: 12,
  exp_year: 2031,
  failure: null,
  fields: { number: ['/card/number'] },
  has_more: false,
  last4: '4242',
  metadata: { seat: '12A' },
  name: 'Ada Lovelace',
  next: null,
  next_attempt_at: null,
  payment_method: null,
  processor: 'simulator',
  processor_reference: 'ch_1Qw9Zt',
  reason: 'One item came back',
  reference: 'order-1042',
  response: 'ok',
  secret: 'whsec_…',
  sequence: 1,
  state: 'succeeded',
  token: id('tok'),
  type: 'payment.succeeded',
  url: 'https://shop.example.com/webhooks',
};
const statuses = ['succeeded', 'enabled'];

/**
 * An answer that fits a schema of ours, the same every time.
 *
 * @param member name of the member it is for; decides about the value
 */
export function exampleOf(schema: Json, member = ''): unknown {
  const { type, enum: choices, pattern, format } = schema as { enum?: unknown[] } & Json;
  if ('const' in schema) return schema['const'];
  const [either] = (schema['anyOf'] ?? []) as Json[];
  if (either !== undefined) return exampleOf(either, member);
  const types = Array.isArray(type) ? type : [type];
  if (types.includes('object')) return exampleObject(schema, member);
  if (choices !== undefined) {
    return (
      choices.find((one) => one === values[member] || statuses.includes(String(one))) ?? choices[0]
    );
  }
  // Of a role, which may also be a built-in one.
  const prefix = /(?:^\^|\|)([a-z]+)_\[/.exec(String(pattern))?.[1];
  if (prefix !== undefined) return id(prefix);
  if (pattern === '^[0-9]{1,19}$') return '1';
  if (pattern === '^[0-9a-f]{64}$') return 'e3b0c442'.repeat(8);
  const known = values[member];
  if (known !== undefined && (known !== null || types.includes('null'))) return known;
  if (format === 'date-time') return time;
  if (types.includes('array')) return [exampleOf((schema['items'] ?? {}) as Json)];
  if (types.includes('integer') || types.includes('number')) return schema['minimum'] ?? 1;
  if (types.includes('boolean')) return true;
  if (types.includes('null')) return null;
  return member === 'id' ? id('pm') : 'text';
}

function exampleObject(schema: Json, member: string): unknown {
  const known = values[member];
  if (member !== '' && known !== undefined && typeof known !== 'string') return known;
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  const entries = Object.entries(properties).map(([name, part]) => [name, exampleOf(part, name)]);
  return Object.fromEntries(entries);
}
