import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(async () => shop?.stop());

const saveCard = async (customer: string, number?: string, more: object = {}) => {
  const token = await shop.tokenize(number, more);
  const paid = await shop.pay({ token, save_for: customer });
  assert.equal(paid.status, 201, paid.text);
  return paid.body.payment_method as string;
};

describe('the security code of a saved card', () => {
  const recollect = async (cvc = '123') => {
    const body = { type: 'cvc', cvc };
    const made = await shop.vault.call('POST', '/v1/tokens', { key: shop.publishable, body });
    assert.equal(made.status, 201, made.text);
    return made.body.id as string;
  };

  it('is asked for once more, checked, and used up by a decline', async () => {
    const payment_method = await saveCard('code-1');
    const before = await shop.pay({ payment_method });
    const { attempts } = (await shop.get(`/v1/payments/${before.body.id}`)).body;
    assert.equal(attempts[0].cvc_check, 'unchecked');
    const cvc_token = await recollect();
    const paid = await shop.pay({ payment_method, cvc_token });
    assert.equal(paid.status, 201, paid.text);
    assert.equal(paid.body.initiated_by, 'customer');
    const shown = await shop.get(`/v1/payments/${paid.body.id}`);
    assert.equal(shown.body.attempts[0].cvc_check, 'pass');
    const wrong = await recollect('000');
    const declined = await shop.pay({ payment_method, cvc_token: wrong });
    assert.equal(declined.body.decline_code, 'incorrect_cvc', declined.text);
    for (const used of [cvc_token, wrong]) {
      const again = await shop.pay({ payment_method, cvc_token: used });
      assert.equal(again.status, 404);
      assert.equal(again.body.code, 'cvc_token_expired');
      assert.equal(again.body.payment, undefined);
    }
  });

  it('is refused where it says nothing', async () => {
    const payment_method = await saveCard('code-2');
    const cvc_token = await recollect();
    const withToken = await shop.pay({ token: await shop.tokenize(), cvc_token });
    assert.equal(withToken.body.errors[0].pointer, '/cvc_token');
    const absent = await shop.pay({ payment_method, cvc_token, initiated_by: 'merchant' });
    assert.equal(absent.body.errors[0].pointer, '/initiated_by');
    const paid = await shop.pay({ payment_method, cvc_token });
    assert.equal(paid.status, 201, paid.text);
  });

  it('of another organization is as if there were none', async () => {
    const payment_method = await saveCard('code-3');
    const other = await shop.operator.createOrganization('Other');
    const { key } = await shop.operator.mint(other, { kind: 'publishable' });
    const body = { type: 'cvc', cvc: '123' };
    const theirs = await shop.vault.call('POST', '/v1/tokens', { key, body });
    const refused = await shop.pay({ payment_method, cvc_token: theirs.body.id });
    const none = await shop.pay({ payment_method, cvc_token: 'cvc_1111111111111111111111' });
    assert.equal(refused.status, 404);
    const shape = ({ request_id, ...rest }: { request_id?: string }) => rest;
    assert.deepEqual(shape(refused.body), shape(none.body));
  });
});
