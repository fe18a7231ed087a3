import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { rootCertificates } from 'node:tls';
import { ensureCertificates } from '../../launcher/src/certificates.ts';
import { type InternalTls, internalTlsMistakes } from './internal-tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'payos-internal-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const pem = (name: string) => readFileSync(join(folder, `${name}.pem`), 'utf8');
const now = Date.now();
let good: InternalTls;
before(async () => {
  await ensureCertificates(folder, new Date(now), {
    ...{ open: [], simulator: [], server: ['10.0.0.2'], vault: ['vault.internal'] },
    ...{ vaultIsElsewhere: false, vaultOpen: [] },
  });
  good = {
    host: { setting: 'PAYOS_VAULT_INTERNAL_HOST', address: '10.0.0.3' },
    name: 'payos-vault',
    cert: pem('internal/payos-vault'),
    key: pem('internal/payos-vault-key'),
    ca: pem('internal/ca'),
    publicCert: pem('localhost'),
  };
});

it('takes what was made for a port that others reach, and looks at nothing on loopback', () => {
  assert.deepEqual(internalTlsMistakes(good, now), []);
  const local = { ...good, cert: '', host: { setting: 'A', address: '127.0.0.1' } };
  assert.deepEqual(internalTlsMistakes(local, now), []);
});

it('says what is wrong with it', () => {
  const year = 400 * 24 * 3600 * 1000;
  const wrong: [Partial<InternalTls>, RegExp, number?][] = [
    [{ key: pem('internal/payos-server-key') }, /is not the key of PAYOS_INTERNAL_CERT/],
    [{ name: 'payos-server' }, /must have the common name payos-server/],
    [{}, /is not valid today/, now + year],
    [{ ca: pem('ca') }, /was not signed by PAYOS_INTERNAL_CA/],
    [
      { cert: pem('internal/payos-worker'), key: pem('internal/payos-worker-key') },
      /is for this machine only/,
    ],
    [{ ca: `${pem('internal/ca')}${pem('localhost')}` }, /holds a certificate that is not of a CA/],
    [{ ca: `${pem('internal/ca')}${rootCertificates[0]}` }, /is a public CA/],
    [
      { publicCert: pem('internal/payos-server') },
      /PAYOS_TLS_CERT was signed by PAYOS_INTERNAL_CA/,
    ],
    [{ cert: 'nothing' }, /A certificate is missing/],
    [{ key: 'nothing' }, /cannot be read/],
  ];
  for (const [change, message, at] of wrong) {
    assert.match(internalTlsMistakes({ ...good, ...change }, at ?? now).join('\n'), message);
  }
});
