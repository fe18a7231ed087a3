import assert from 'node:assert/strict';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { SharedTeam } from './team.ts';

/** What a merchant's own server does: pays with test cards, with keys of the organization. */
export async function openFloor({ payos, owner }: SharedTeam) {
  const { operator, api, vault } = payos;
  const { key: secret } = await operator.mint(owner.organization);
  const tokenize = async (number: string): Promise<string> => {
    const card = { number, exp_month: 12, exp_year: 2031, cvc: '123' };
    const body = { type: 'card', card };
    const answer = await vault.call('POST', '/v1/tokens', { key: secret, body });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.id;
  };
  /** The id of a payment, however it went. */
  const pay = async (more: object = {}, number = '4242424242424242'): Promise<string> => {
    const source = 'payment_method' in more ? {} : { token: await tokenize(number) };
    const answer = await post('/v1/payments', {
      amount: 1999,
      currency: 'EUR',
      ...source,
      ...more,
    });
    return answer.body.payment ?? answer.body.id;
  };
  const post = (path: string, body?: unknown): Promise<Answer> => api.post(path, secret, body);
  const get = async (path: string) => (await api.get(path, secret)).body;
  return { secret, pay, post, get };
}

export type Floor = Awaited<ReturnType<typeof openFloor>>;

const endless = {
  amount: 1_999_000_000,
  reference: 'W'.repeat(100),
  description: 'unbroken'.repeat(12),
  metadata: { ['k'.repeat(40)]: 'v'.repeat(500) },
};

/** Somewhat more than a page of payments, of most kinds. */
export async function sell(floor: Floor) {
  const plain = Array.from({ length: 24 }, (_, index) =>
    floor.pay({
      amount: 1000 + index,
      reference: `order-${1000 + index}`,
      ...(index === 20 ? endless : {}),
    }),
  );
  await Promise.all(plain);
  const declined = '4000000000009995';
  const [poor, dinar, part, whole, waiting, formula] = await Promise.all([
    floor.pay({ amount: 4200, reference: 'poor-1' }, declined),
    floor.pay({ amount: 12_345, currency: 'BHD', reference: 'dinar-1' }, '5555555555554444'),
    floor.pay({ amount: 5000, capture: 'manual', reference: 'part-1' }),
    floor.pay({ amount: 6000, capture: 'manual', reference: 'whole-1' }),
    floor.pay({ amount: 7000, currency: 'JPY', capture: 'manual', reference: 'yen-1' }),
    floor.pay({ reference: '=HYPERLINK("https://evil.example")', description: 'a, "b"' }),
  ]);
  const { id: customer } = (
    await floor.post('/v1/customers', {
      name: 'Grace Hopper',
      email: 'grace@example.com',
      reference: endless.reference,
    })
  ).body;
  const saved = await floor.pay({ save_for: customer, metadata: { cart: 'c_7' } });
  return { poor, dinar, part, whole, waiting, formula, customer, saved };
}
