import { webcrypto, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  certificateFiles,
  usableCertificate,
  validity,
  writePrivate,
} from './certificate-files.ts';
import { nameConstraints } from './name-constraints.ts';
import { random } from './random.ts';
import { loadX509 } from './x509.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const caDays = 3650;
/** The longest that clients accept of a server certificate, less a day. */
const leafDays = 397;

type Leaf = {
  name: string;
  addresses: readonly string[];
  /** Names and addresses besides. */
  more: readonly string[];
  client: boolean;
};
type Family = {
  title: string;
  leaves: readonly Leaf[];
  /** What its CA can vouch for besides localhost. */
  vouchesFor: readonly string[];
};

/** Under which names the processes are found, besides localhost. */
export type MoreNames = {
  /** The public ports. */
  open: readonly string[];
  simulator: readonly string[];
  server: readonly string[];
  vault: readonly string[];
  /** The vault has a machine and keys of its own: its names are vouched for, and nothing made. */
  vaultIsElsewhere: boolean;
  /** Its names on the public port, those among `open`. */
  vaultOpen: readonly string[];
};

const localhostOnly: MoreNames = {
  open: [],
  simulator: [],
  server: [],
  vault: [],
  vaultIsElsewhere: false,
  vaultOpen: [],
};

function localFamily({ open, simulator, vaultIsElsewhere, vaultOpen }: MoreNames): Family {
  const own = vaultIsElsewhere ? open.filter((name) => !vaultOpen.includes(name)) : open;
  return {
    title: 'PayOS local CA',
    leaves: [
      { name: 'localhost', addresses: ['127.0.0.1', '::1'], more: own, client: false },
      { name: 'payos-simulator', addresses: ['127.0.0.1'], more: simulator, client: false },
    ],
    vouchesFor: [...open, ...simulator],
  };
}

function internalFamily({ server, vault, vaultIsElsewhere }: MoreNames): Family {
  const leaf = (name: string, more: readonly string[]) => ({
    name,
    addresses: ['127.0.0.1'],
    more,
    client: true,
  });
  const leaves = [
    leaf('payos-server', server),
    ...(vaultIsElsewhere ? [] : [leaf('payos-vault', vault)]),
    leaf('payos-worker', []),
  ];
  return { title: 'PayOS internal CA', leaves, vouchesFor: [...server, ...vault] };
}

/**
 * Makes the certificates of one installation in `directory`, those that are missing or will end
 * within 30 days or lack a name, all ECDSA P-256 and valid for localhost and the names given:
 * - `ca.pem`, which users hand to their clients, and signed by it `localhost.pem` (API and vault)
 *   and `payos-simulator.pem`;
 * - `internal/ca.pem` and signed by it `internal/payos-{server,vault,worker}.pem`, with which the
 *   processes know each other (client and server).
 *
 * Beside each `<name>.pem` lies `<name>-key.pem`. Files are 0600, folders 0700.
 *
 * @returns paths of the certificates made now, relative to `directory`
 */
export async function ensureCertificates(
  directory: string,
  now: Date,
  names: MoreNames = localhostOnly,
): Promise<string[]> {
  const local = await ensureFamily(directory, localFamily(names), now);
  const internal = await ensureFamily(join(directory, 'internal'), internalFamily(names), now);
  return [...local, ...internal.map((name) => `internal/${name}`)];
}

async function ensureFamily(directory: string, { title, leaves, vouchesFor }: Family, now: Date) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const made: string[] = [];
  const constraints = nameConstraints(vouchesFor);
  let ca = usableCertificate(directory, 'ca', undefined, now);
  if (ca === undefined || !ca.raw.includes(constraints)) {
    // The serial makes every CA's name its own: clients that keep old ones mistake none for it.
    ca = await makeCa(directory, `${title} ${random(4).toString('hex')}`, constraints, now);
    made.push('ca.pem');
  }
  for (const leaf of leaves) {
    const usable = usableCertificate(directory, leaf.name, ca, now);
    if (usable !== undefined && leaf.more.every((name) => names(usable, name))) continue;
    await makeLeaf(directory, leaf, now);
    made.push(`${leaf.name}.pem`);
  }
  return made;
}

function names(certificate: X509Certificate, name: string): boolean {
  const found = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  return found !== undefined;
}

async function makeCa(
  directory: string,
  title: string,
  constraints: Buffer,
  now: Date,
): Promise<X509Certificate> {
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
      new x509.Extension('2.5.29.30', true, constraints),
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
        ...[...leaf.addresses, ...leaf.more].map((value) => ({
          type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
          value,
        })),
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
