import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { certificateFiles } from './certificate-files.ts';
import { ensureCertificates } from './certificates.ts';
import { ensureSigningKeys, signingKeyFiles } from './signing-keys.ts';
import { testFolder } from './testing.ts';

const root = testFolder('certificates');
const newFolder = () => join(mkdtempSync(join(root, 'tls-')), 'tls');
const today = new Date();
const inDays = (days: number) => new Date(today.getTime() + days * 24 * 3600 * 1000);
const all = [
  'ca.pem',
  'localhost.pem',
  'payos-simulator.pem',
  'internal/ca.pem',
  'internal/payos-server.pem',
  'internal/payos-vault.pem',
  'internal/payos-worker.pem',
];

/** Serves once with a certificate and asks for it over TLS. */
async function visit(directory: string, name: string, host: string): Promise<number | undefined> {
  const { cert, key } = certificateFiles(directory, name);
  const options = { cert: readFileSync(cert), key: readFileSync(key) };
  const server = createServer(options, (_, answer) => answer.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ca = readFileSync(certificateFiles(directory, 'ca').cert);
  try {
    const lookup = { hostname: '127.0.0.1', port, ca, agent: false };
    const request = get({ ...lookup, ...(host === '127.0.0.1' ? {} : { servername: host }) });
    const [answer] = await once(request, 'response');
    answer.resume();
    return answer.statusCode;
  } finally {
    server.close();
  }
}

describe('the certificates of an installation', () => {
  it('are made once, for its owner only', async () => {
    const directory = newFolder();
    assert.deepEqual(await ensureCertificates(directory, today), all);
    assert.deepEqual(await ensureCertificates(directory, today), []);
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      assert.equal(mode, entry.isDirectory() ? 0o700 : 0o600, entry.name);
    }
  });

  it('are taken by a client that trusts the CA, for localhost and 127.0.0.1', async () => {
    const directory = newFolder();
    await ensureCertificates(directory, today);
    for (const host of ['localhost', '127.0.0.1']) {
      assert.equal(await visit(directory, 'localhost', host), 200);
      assert.equal(await visit(directory, 'payos-simulator', host), 200);
    }
    await assert.rejects(visit(directory, 'localhost', 'example.com'), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('cannot vouch for another host: the CA is constrained to localhost', async () => {
    const directory = newFolder();
    await ensureCertificates(directory, today);
    const ca = new X509Certificate(readFileSync(join(directory, 'ca.pem')));
    const constraints = Buffer.from('0603551d1e0101ff', 'hex');
    assert.ok(ca.raw.includes(constraints), 'no critical name constraints');
  });

  it('are made anew 30 days before they end, by the same CA', async () => {
    const directory = newFolder();
    await ensureCertificates(directory, today);
    assert.deepEqual(await ensureCertificates(directory, inDays(366)), []);
    const renewed = await ensureCertificates(directory, inDays(368));
    assert.deepEqual(
      renewed,
      all.filter((name) => !name.endsWith('ca.pem')),
    );
  });

  it('are made anew when the CA is another one, or a key does not fit', async () => {
    const directory = newFolder();
    await ensureCertificates(directory, today);
    rmSync(join(directory, 'ca-key.pem'));
    const local = ['ca.pem', 'localhost.pem', 'payos-simulator.pem'];
    assert.deepEqual(await ensureCertificates(directory, today), local);
    rmSync(join(directory, 'internal', 'payos-vault-key.pem'));
    const made = await ensureCertificates(directory, today);
    assert.deepEqual(made, ['internal/payos-vault.pem']);
  });
});

describe('the keys that requests to the vault are signed with', () => {
  it('are made once, for their owner only, and another that was added stays', () => {
    const directory = newFolder();
    const folder = join(directory, 'internal');
    mkdirSync(folder, { recursive: true });
    ensureSigningKeys(directory);
    const { key, publicKey } = signingKeyFiles(folder, 'server');
    const made = readFileSync(key, 'utf8');
    assert.equal(statSync(key).mode & 0o777, 0o600);
    assert.notEqual(made, readFileSync(signingKeyFiles(folder, 'worker').key, 'utf8'));
    const next = readFileSync(signingKeyFiles(folder, 'worker').publicKey, 'utf8');
    appendFileSync(publicKey, next);
    const both = readFileSync(publicKey, 'utf8');
    ensureSigningKeys(directory);
    assert.deepEqual([readFileSync(key, 'utf8'), readFileSync(publicKey, 'utf8')], [made, both]);
    rmSync(publicKey);
    ensureSigningKeys(directory);
    assert.equal(readFileSync(publicKey, 'utf8') + next, both);
  });
});
