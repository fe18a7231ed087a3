import { randomUUID } from 'node:crypto';
import type { Client, Reply } from './client.ts';

/** A charge request for a good card, with whatever differs. */
export function chargeBody(
  number: string,
  differs: Record<string, unknown> = {},
  card: Record<string, unknown> = { code: '123' },
) {
  return {
    idempotency_key: randomUUID(),
    amount: 1999,
    currency: 'EUR',
    capture: true,
    initiated_by: 'customer',
    card: { number, exp_month: 12, exp_year: 2040, ...card },
    ...differs,
  };
}

/** An amount-carrying operation request with a fresh key. */
export function operationBody(amount: number) {
  return { idempotency_key: randomUUID(), amount };
}

/** Makes a charge and answers its id. */
export async function charged(client: Client, number: string, differs = {}): Promise<string> {
  const reply = await client.post('/v1/charges', chargeBody(number, differs));
  return reply.body.id;
}

/** The status query. */
export function statusOf(client: Client, key: string): Promise<Reply> {
  return client.get(`/v1/operations/${encodeURIComponent(key)}`);
}
