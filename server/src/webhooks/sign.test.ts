import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { it } from 'node:test';
import { webhooks } from '../../../sdk/src/index.ts';
import { clock } from '../core/clock.ts';
import { eventBody, toEvent } from './event.ts';
import { signDelivery } from './sign.ts';

it('signs the fixed vector of Standard Webhooks', () => {
  const key = createSecretKey(Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'));
  const body = '{"test": 2432232314}';
  assert.equal(
    signDelivery(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, body),
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

it('signs what the SDK verifies, and nothing near it', () => {
  const bytes = Buffer.alloc(32, 7);
  const secret = `whsec_${bytes.toString('base64')}`;
  const timestamp = Math.floor(clock.nowMs() / 1000);
  const body = '{"type":"payment.succeeded"}';
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signDelivery(createSecretKey(bytes), 'evt_1', timestamp, body),
  };
  assert.deepEqual(webhooks.verify(body, headers, secret), JSON.parse(body));
  for (const [name, value] of [
    ['webhook-id', 'evt_2'],
    ['webhook-timestamp', String(timestamp - 1)],
  ] as const) {
    assert.throws(() => webhooks.verify(body, { ...headers, [name]: value }, secret));
  }
  assert.throws(() => webhooks.verify(`${body} `, headers, secret));
});

it('puts the data into the body as the database wrote it', () => {
  const event = {
    id: 'evt_1',
    mode: 'test' as const,
    type: 'payment.succeeded',
    api_version: '2026-11-23',
    created_at: '2026-11-23T00:00:00.000Z',
    sequence: 3,
    request_id: null,
  };
  const body = eventBody({ ...event, data: '{"big": 12345678901234567890, "text": "}{"}' });
  assert.ok(body.endsWith(',"data":{"big": 12345678901234567890, "text": "}{"}}'));
  const { data, ...rest } = JSON.parse(body);
  const { data: _, ...expected } = toEvent({ ...event, data: {} });
  assert.deepEqual(rest, expected);
  assert.equal(data.text, '}{');
});
