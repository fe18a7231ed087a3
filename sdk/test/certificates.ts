import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export type TestCertificate = { cert: string; key: string; caFile: string; remove: () => void };

/** A self-signed certificate for `host`, which is its own CA, valid for an hour. */
export async function testCertificate(host = 'localhost'): Promise<TestCertificate> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: [{ CN: [`test ${host}`] }],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
    ],
  });
  const cert = certificate.toString('pem');
  const folder = mkdtempSync(join(tmpdir(), 'payos-sdk-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, cert);
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const key = x509.PemConverter.encode(der, 'PRIVATE KEY');
  return { cert, key, caFile, remove };
}

/** One of the library's parts insists on metadata functions on `Reflect` while it is loaded. */
async function loadX509() {
  const names = ['getMetadata', 'getOwnMetadata', 'defineMetadata'];
  for (const name of names) Reflect.set(Reflect, name, () => undefined);
  const x509 = await import('@peculiar/x509');
  for (const name of names) Reflect.deleteProperty(Reflect, name);
  return x509;
}
