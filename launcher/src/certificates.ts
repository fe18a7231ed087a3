import { webcrypto, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  certificateFiles,
  usableCertificate,
  validity,
  writePrivate,
} from './certificate-files.ts';
import { random } from './random.ts';
import { loadX509 } from './x509.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const caDays = 3650;
/** The longest that clients accept of a server certificate, less a day. */
const leafDays = 397;

/**
 * Name constraints (RFC 5280 §4.2.1.10), DER: this CA can vouch for localhost, 127.0.0.0/8 and ::1
 * only, so that a user who trusts it, and then loses its key, has lost nothing but localhost.
 */
const onlyLocalhost = Buffer.from(
  '303fa03d300b82096c6f63616c686f7374300a87087f000000ff000000' +
    `30228720${'0'.repeat(31)}1${'f'.repeat(32)}`,
  'hex',
);

type Leaf = { name: string; addresses: readonly string[]; client: boolean };

const localLeaves: readonly Leaf[] = [
  { name: 'localhost', addresses: ['127.0.0.1', '::1'], client: false },
  { name: 'payos-simulator', addresses: ['127.0.0.1'], client: false },
];

const internalLeaves: readonly Leaf[] = ['payos-server', 'payos-vault', 'payos-worker'].map(
  (name) => ({ name, addresses: ['127.0.0.1'], client: true }),
);

/**
 * Makes the certificates of one installation in `directory`, those that are missing or will end
 * within 30 days, all ECDSA P-256 and valid for localhost:
 * - `ca.pem`, which users hand to their clients, and signed by it `localhost.pem` (API and vault)
 *   and `payos-simulator.pem`;
 * - `internal/ca.pem` and signed by it `internal/payos-{server,vault,worker}.pem`, with which the
 *   processes know each other (client and server).
 *
 * Beside each `<name>.pem` lies `<name>-key.pem`. Files are 0600, folders 0700.
 *
 * @returns paths of the certificates made now, relative to `directory`
 */
export async function ensureCertificates(directory: string, now: Date): Promise<string[]> {
  const local = await ensureFamily(directory, 'PayOS local CA', localLeaves, now);
  const folder = join(directory, 'internal');
  const internal = await ensureFamily(folder, 'PayOS internal CA', internalLeaves, now);
  return [...local, ...internal.map((name) => `internal/${name}`)];
}

async function ensureFamily(directory: string, title: string, leaves: readonly Leaf[], now: Date) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const made: string[] = [];
  let ca = usableCertificate(directory, 'ca', undefined, now);
  if (ca === undefined) {
    // The serial makes every CA's name its own: clients that keep old ones mistake none for it.
    ca = await makeCa(directory, `${title} ${random(4).toString('hex')}`, now);
    made.push('ca.pem');
  }
  for (const leaf of leaves) {
    if (usableCertificate(directory, leaf.name, ca, now) !== undefined) continue;
    await makeLeaf(directory, leaf, now);
    made.push(`${leaf.name}.pem`);
  }
  return made;
}

async function makeCa(directory: string, title: string, now: Date): Promise<X509Certificate> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{ CN: [title] }],
    ...validity(now, caDays),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      new x509.Extension('2.5.29.30', true, onlyLocalhost),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return save(directory, 'ca', certificate.toString('pem'), keys.privateKey);
}

async function makeLeaf(directory: string, leaf: Leaf, now: Date): Promise<void> {
  const x509 = await loadX509();
  const files = certificateFiles(directory, 'ca');
  const issuer = new x509.X509Certificate(readFileSync(files.cert, 'utf8'));
  const signingKey = await readKey(files.key);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const uses = [x509.ExtendedKeyUsage.serverAuth];
  if (leaf.client) uses.push(x509.ExtendedKeyUsage.clientAuth);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [leaf.name] }],
    issuer: issuer.subjectName.toJSON(),
    ...validity(now, leafDays),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(uses),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        ...leaf.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  await save(directory, leaf.name, certificate.toString('pem'), keys.privateKey);
}

/** 127 bits, and positive as RFC 5280 §4.1.2.2 wants it. */
function serial(): string {
  const bytes = random(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

async function readKey(path: string): Promise<webcrypto.CryptoKey> {
  const body = readFileSync(path, 'utf8').replaceAll(/-----[^-]+-----|\s/g, '');
  const der = Buffer.from(body, 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

async function save(directory: string, name: string, pem: string, key: webcrypto.CryptoKey) {
  const files = certificateFiles(directory, name);
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  const lines = der.match(/.{1,64}/g) ?? [];
  writePrivate(
    files.key,
    ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
  );
  writePrivate(files.cert, `${pem}\n`);
  return new X509Certificate(pem);
}
