import { createPrivateKey, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { isLoopback } from './loopback.ts';

/** What a process shows other processes of PayOS, and what it knows them by. PEM. */
export type InternalTls = {
  /** Where its internal port listens, and the setting that says so. */
  host: { setting: string; address: string };
  /** What the others expect in its certificate, e.g. `payos-vault`. */
  name: string;
  cert: string;
  key: string;
  ca: string;
  /** The certificate of its public port. */
  publicCert: string;
};

/**
 * What keeps an internal port from being opened beyond this machine, a sentence each. Whoever has a
 * certificate of the internal CA is let in, so that this CA has to be ours alone; and the process
 * has to have one that the other side can tell it by. On loopback nothing is looked at.
 *
 * @param now milliseconds since 1970
 */
export function internalTlsMistakes(tls: InternalTls, now: number): string[] {
  const { host } = tls;
  if (isLoopback(host.address) || host.address === '::1') return [];
  try {
    return findMistakes(tls, now).map(
      (why) => `${host.setting} is ${host.address}, which others can reach. ${why}`,
    );
  } catch {
    return [
      'PAYOS_INTERNAL_CERT, PAYOS_INTERNAL_KEY or PAYOS_INTERNAL_CA cannot be read as what it is.',
    ];
  }
}

function findMistakes({ name, cert, key, ca, publicCert }: InternalTls, now: number): string[] {
  const [own, ...chain] = certificatesIn(cert);
  const authorities = certificatesIn(ca);
  if (own === undefined || authorities.length === 0) return ['A certificate is missing.'];
  const wellKnown = new Set(rootCertificates.map(withoutSpace));
  const isIssued = (by: readonly X509Certificate[], it: X509Certificate) =>
    by.some((issuer) => it.checkIssued(issuer) && it.verify(issuer.publicKey));
  const outside = certificatesIn(publicCert)[0];
  const ends = Date.parse(own.validTo) <= now || Date.parse(own.validFrom) > now;
  const isOwnName = own.subject.split('\n').includes(`CN=${name}`);
  return [
    own.checkPrivateKey(createPrivateKey(key))
      ? ''
      : 'PAYOS_INTERNAL_KEY is not the key of PAYOS_INTERNAL_CERT.',
    isOwnName ? '' : `PAYOS_INTERNAL_CERT must have the common name ${name}.`,
    ends ? 'PAYOS_INTERNAL_CERT is not valid today.' : '',
    isIssued([...chain, ...authorities], own)
      ? ''
      : 'PAYOS_INTERNAL_CERT was not signed by PAYOS_INTERNAL_CA.',
    namesBeyondLoopback(own)
      ? ''
      : 'PAYOS_INTERNAL_CERT is for this machine only: it needs the name others ask for.',
    authorities.every((authority) => authority.ca)
      ? ''
      : 'PAYOS_INTERNAL_CA holds a certificate that is not of a CA.',
    authorities.some((authority) => wellKnown.has(withoutSpace(authority.toString())))
      ? 'PAYOS_INTERNAL_CA is a public CA, which signs for anybody: make one of your own.'
      : '',
    outside !== undefined && isIssued(authorities, outside)
      ? 'PAYOS_TLS_CERT was signed by PAYOS_INTERNAL_CA, which must sign PayOS processes only.'
      : '',
  ].filter((why) => why !== '');
}

function certificatesIn(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return found.map((each) => new X509Certificate(each));
}

const withoutSpace = (text: string): string => text.replaceAll(/\s/g, '');

function namesBeyondLoopback({ subjectAltName = '' }: X509Certificate): boolean {
  const names = subjectAltName.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  return names.some((name) => name !== '' && !isLoopback(name) && name !== '0:0:0:0:0:0:0:1');
}
