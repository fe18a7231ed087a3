import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const day = 24 * 3600 * 1000;
/** A certificate that ends sooner than this is made anew. */
const renewBefore = 30 * day;

/** The two files of a certificate in `directory`: `<name>.pem` and `<name>-key.pem`. */
export function certificateFiles(directory: string, name: string): { cert: string; key: string } {
  return { cert: join(directory, `${name}.pem`), key: join(directory, `${name}-key.pem`) };
}

/** Writes a file with mode 0600, whole or not at all. */
export function writePrivate(path: string, content: string): void {
  const half = `${path}.new`;
  writeFileSync(half, content, { mode: 0o600, flush: true });
  renameSync(half, path);
}

/**
 * The certificate of that name if it can go on being used: it belongs to its key, is signed by
 * `issuer` (by itself when there is none) and still has 30 days to go.
 */
export function usableCertificate(
  directory: string,
  name: string,
  issuer: X509Certificate | undefined,
  now: Date,
): X509Certificate | undefined {
  const files = certificateFiles(directory, name);
  if (!existsSync(files.cert) || !existsSync(files.key)) return undefined;
  try {
    const found = new X509Certificate(readFileSync(files.cert));
    const key = createPrivateKey(readFileSync(files.key));
    const signer = issuer ?? found;
    const lasts = Date.parse(found.validTo) - now.getTime() > renewBefore;
    const fits = found.checkPrivateKey(key) && found.verify(signer.publicKey);
    return lasts && fits && found.checkIssued(signer) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** When a certificate that is made now begins and ends. It begins early, for clocks that differ. */
export function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  const time = now.getTime();
  return { notBefore: new Date(time - 3600 * 1000), notAfter: new Date(time + days * day) };
}
