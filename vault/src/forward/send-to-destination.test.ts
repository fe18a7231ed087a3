import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createSecureContext } from 'node:tls';
import { AddressGuard } from 'payos-egress';
import { sendToDestination } from './send-to-destination.ts';

let listener: Server;
let port = 0;
let connections = 0;
const secureContext = createSecureContext({ minVersion: 'TLSv1.2' });

before(async () => {
  listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  port = (listener.address() as AddressInfo).port;
});
after(() => listener.close());

function send(host: string, allow: string[], resolve: () => Promise<string[]>) {
  const line = { guard: new AddressGuard(allow), resolve, secureContext };
  const url = new URL(`https://${host}:${port}/`);
  const outgoing = { url, method: 'POST', headers: {}, body: Buffer.from('x'), timeoutMs: 500 };
  return sendToDestination(line, outgoing);
}

describe('a host that a merchant named', () => {
  it('is not reached at private and special addresses, whoever says so', async () => {
    const refused = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1'];
    for (const address of [...refused, '64:ff9b::a9fe:a9fe', 'fd00:ec2::254']) {
      const sent = await send('shop.example', [], async () => [address]);
      assert.deepEqual(sent, { outcome: 'not_sent', detail: 'address_refused' }, address);
      const host = address.includes(':') ? `[${address}]` : address;
      const direct = await send(host, [], async () => ['1.1.1.1']);
      assert.deepEqual(direct, { outcome: 'not_sent', detail: 'address_refused' }, address);
    }
    assert.equal(connections, 0);
  });

  it('is asked of DNS once, and what is dialled is what was checked', async () => {
    const answers = [['192.0.2.1'], ['127.0.0.1']];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? [];
    const first = await send('rebind.example', ['192.0.2.0/24'], resolve);
    assert.equal(first.outcome, 'not_sent');
    assert.equal(asked, 1);
    const second = await send('rebind.example', ['192.0.2.0/24'], resolve);
    assert.deepEqual(second, { outcome: 'not_sent', detail: 'address_refused' });
    assert.equal(connections, 0);
  });

  it('gets nothing where TLS does not come about', async () => {
    const sent = await send('localhost', ['127.0.0.0/8'], async () => ['127.0.0.1']);
    assert.equal(sent.outcome, 'not_sent');
    assert.equal(connections, 1);
  });
});
