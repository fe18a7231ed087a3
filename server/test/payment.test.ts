import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Installation, startInstallation } from '../../tools/harness/installation.ts';

let payos: Installation;
let secret: string;
let publishable: string;

before(async () => {
  payos = await startInstallation();
  const organization = await payos.operator.createOrganization('Shop');
  secret = (await payos.operator.mint(organization)).key;
  publishable = (await payos.operator.mint(organization, { kind: 'publishable' })).key;
});
after(async () => payos?.stop());

async function tokenize(number = '4242424242424242', more: object = {}): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2031, cvc: '123', ...more };
  const answer = await payos.vault.call('POST', '/v1/tokens', {
    key: publishable,
    body: { type: 'card', card },
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.id;
}

describe('a card becomes a token becomes a payment', () => {
  it('captures at once by default', async () => {
    const token = await tokenize();
    const paid = await payos.api.post('/v1/payments', secret, {
      amount: 1999,
      currency: 'eur',
      token,
      reference: 'order 1',
      metadata: { basket: 'b-1' },
    });
    assert.equal(paid.status, 201, paid.text);
    assert.equal(paid.body.status, 'succeeded');
    assert.equal(paid.body.currency, 'EUR');
    assert.equal(paid.body.amount_captured, 1999);
    assert.equal(paid.body.card.last4, '4242');
    const found = await payos.api.get(`/v1/payments/${paid.body.id}`, secret);
    assert.equal(found.status, 200);
    assert.equal(found.body.attempts.length, 1);
    assert.equal(found.body.attempts[0].state, 'succeeded');
    assert.equal(found.body.attempts[0].cvc_check, 'pass');
  });
});
