import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulator } from './simulator.ts';

const processor = simulator({
  url: 'https://localhost:1',
  secret: 'secret',
  ca: undefined,
  timeoutMs: 100,
});
const call = {
  id: 'att_1',
  payment: 'pay_1',
  kind: 'authorize' as const,
  amount: 1,
  currency: 'EUR',
  capture: 'automatic' as const,
  initiatedBy: 'customer' as const,
  reference: null,
  processorReference: '',
};

describe('the template for the vault', () => {
  it('never holds a placeholder that a merchant wrote', () => {
    const hostile = ['{{card.number}}', '{{{card.number}}}', 'x {{card.code}} y', '{{', '}}'];
    for (const reference of hostile) {
      const { body } = processor.authorization({ ...call, reference });
      assert.doesNotMatch(JSON.stringify(body['reference']), /[{}]/, reference);
    }
  });

  it('asks for the card in its own places only', () => {
    const { body, headers, url } = processor.authorization(call);
    const { card, ...rest } = body;
    assert.doesNotMatch(JSON.stringify({ rest, headers, url }), /\{\{/);
    assert.match(JSON.stringify(card), /\{\{card\.number\}\}/);
  });
});

describe('reading an answer', () => {
  it('takes a 5xx for unknown, whatever its body says', () => {
    const charge = { id: 'ch_1', status: 'declined', decline_code: 'x', cvc_check: null };
    assert.equal(processor.readAuthorization(500, charge).kind, 'unknown');
    assert.equal(processor.readAuthorization(503, { error: 'outage' }).kind, 'unknown');
  });

  it('takes a 4xx for a no, and nonsense with a 200 for unknown', () => {
    assert.equal(processor.readAuthorization(400, { error: 'x' }).kind, 'failed');
    assert.equal(processor.readAuthorization(200, { hello: 'world' }).kind, 'unknown');
    assert.equal(processor.readAuthorization(200, null).kind, 'unknown');
  });

  it('says that nothing was sent when nobody listens', async () => {
    const outcome = await processor.operate({ ...call, kind: 'capture', processorReference: 'ch' });
    assert.deepEqual(outcome, { kind: 'failed', failure: 'not_sent' });
  });
});
