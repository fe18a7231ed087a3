import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { EgressError, type EgressFailure } from 'payos-egress';
import { EgressClient, type EgressOptions } from './client.ts';
import {
  type Receiver,
  startReceiver,
  type TestCertificates,
  testCertificates,
} from './test-support.ts';

const loopback = ['127.0.0.0/8'];
let certificates: TestCertificates;
const open: { close(): Promise<void> }[] = [];

before(async () => {
  certificates = await testCertificates();
});
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});
after(() => certificates.remove());

async function receiver(
  ...args: Parameters<typeof startReceiver> extends [unknown, ...infer R] ? R : never
): Promise<Receiver> {
  const started = await startReceiver(certificates, ...args);
  open.push(started);
  return started;
}

function client(options: Partial<EgressOptions> = {}): EgressClient {
  const { ca } = certificates;
  const made = new EgressClient({ allow: loopback, ca, timeoutMs: 5_000, ...options });
  open.push(made);
  return made;
}

function failsWith(failure: EgressFailure, work: Promise<unknown>): Promise<void> {
  return assert.rejects(work, (error) => {
    assert.ok(error instanceof EgressError);
    assert.equal(error.failure, failure);
    return true;
  });
}

describe('EgressClient', () => {
  it('posts over TLS and reads the answer, keeping the connection', async () => {
    const { url, received, connections } = await receiver((_request, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end('slow down');
    });
    const egress = client();
    for (const body of ['one', 'two', 'three', 'four', 'five']) {
      const answer = await egress.post(`${url}hook?a=1`, { 'x-test': 'yes' }, body);
      assert.deepEqual([answer.status, answer.retryAfter], [429, '7']);
      assert.equal(answer.body.toString(), 'slow down');
    }
    const [first] = received;
    assert.deepEqual([first?.path, first?.headers['x-test']], ['/hook?a=1', 'yes']);
    assert.deepEqual(received.map(({ body }) => body.toString()).slice(3), ['four', 'five']);
    assert.ok(connections() < received.length, 'connections are used again');
  });

  it('refuses an address that is not allowed, however the name leads there', async () => {
    const { port, connections } = await receiver();
    const to = (host: string) => `https://${host}:${port}/`;
    const strict = client({ allow: [], resolve: async () => ['127.0.0.1', '::ffff:127.0.0.1'] });
    await failsWith('url_refused', strict.post(to('127.0.0.1'), {}, ''));
    await failsWith('url_refused', strict.post(to('2130706433'), {}, ''));
    await failsWith('url_refused', strict.post(to('[::ffff:127.0.0.1]'), {}, ''));
    await failsWith('address_refused', strict.post(to('rebind.example'), {}, ''));
    assert.equal(connections(), 0);
  });

  it('checks every answer of a DNS server that changes its mind', async () => {
    const { port, connections } = await receiver();
    const answers = [['192.0.2.1'], ['127.0.0.1']];
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      return answers.shift() ?? [];
    };
    // The first answer is allowed and leads nowhere; the second would lead to the receiver.
    const egress = client({ allow: ['192.0.2.0/24'], timeoutMs: 500, resolve });
    const url = `https://rebind.example:${port}/`;
    await assert.rejects(egress.post(url, {}, ''), EgressError);
    assert.deepEqual(asked, ['rebind.example'], 'one connection, one question');
    await failsWith('address_refused', egress.post(url, {}, ''));
    assert.deepEqual(asked, ['rebind.example', 'rebind.example']);
    assert.equal(connections(), 0);
  });

  it('dials only the allowed ones of several addresses', async () => {
    const { port, received } = await receiver();
    const resolve = async () => ['10.9.8.7', '127.0.0.1'];
    const egress = client({ resolve });
    await egress.post(`https://localhost:${port}/`, {}, 'x');
    assert.equal(received.length, 1);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`does not follow a ${status}`, async () => {
      const target = await receiver();
      const { url } = await receiver((_request, response) => {
        response.writeHead(status, { location: target.url }).end();
      });
      assert.equal((await client().post(url, {}, 'x')).status, status);
      assert.equal(target.connections(), 0);
    });
  }

  it('ignores proxies of the environment', async () => {
    const proxy = await receiver();
    const { url, received } = await receiver();
    const names = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of names) Reflect.set(process.env, name, proxy.url);
    try {
      await client().post(url, {}, 'x');
    } finally {
      for (const name of names) Reflect.deleteProperty(process.env, name);
    }
    assert.deepEqual([received.length, proxy.connections()], [1, 0]);
  });

  it('reads 16 KB of an endless answer', async () => {
    const { url } = await receiver((_request, response) => {
      const pump = () => {
        while (!response.destroyed && response.write(Buffer.alloc(8192, 'x')));
      };
      response.on('drain', pump);
      pump();
    });
    const { body } = await client().post(url, {}, 'x');
    assert.equal(body.length, 16 * 1024);
  });

  it('gives up at the deadline although bytes keep dripping', async () => {
    const timers: NodeJS.Timeout[] = [];
    const { url } = await receiver((_request, response) => {
      timers.push(setInterval(() => response.write('.'), 20));
    });
    await failsWith('timeout', client({ timeoutMs: 300 }).post(url, {}, 'x'));
    for (const timer of timers) clearInterval(timer);
  });

  it('gives up at the deadline when nothing comes, in TLS and before', async () => {
    const silent: Server = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await failsWith(
      'timeout',
      client({ timeoutMs: 300 }).post(`https://localhost:${port}/`, {}, ''),
    );
    const never = client({ timeoutMs: 300, resolve: () => new Promise(() => undefined) });
    await failsWith('timeout', never.post('https://slow.example/', {}, ''));
    silent.close();
  });

  it('wants a certificate that it trusts, for the right name, and TLS 1.2', async () => {
    const { url, port, received } = await receiver();
    const untrusting = client({ ca: undefined });
    await failsWith('certificate_refused', untrusting.post(url, {}, ''));
    const renamed = client({ resolve: async () => ['127.0.0.1'] });
    await failsWith('certificate_refused', renamed.post(`https://other.example:${port}/`, {}, ''));
    const old = await receiver(undefined, {
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await failsWith('tls_failed', client().post(old.url, {}, ''));
    assert.equal(received.length, 0);
  });

  it('does not let NODE_TLS_REJECT_UNAUTHORIZED switch the check off', async () => {
    const { url } = await receiver();
    Reflect.set(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      await failsWith('certificate_refused', client({ ca: undefined }).post(url, {}, ''));
    } finally {
      Reflect.deleteProperty(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED');
    }
  });

  it('says what is wrong in words that show nothing of our network', async () => {
    const { url, close } = await receiver();
    await close();
    open.splice(0);
    await failsWith('connection_refused', client().post(url, {}, ''));
    const resolve = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    const lost = client({ resolve });
    await failsWith('host_not_found', lost.post('https://nowhere.example/', {}, ''));
  });
});
