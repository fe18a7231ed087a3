import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateFiles, writePrivate } from './certificate-files.ts';

/** Who signs what it asks of the vault. */
const signers = ['server', 'worker'] as const;

/** The two files of a process's signing key, in the folder of the internal certificates. */
export function signingKeyFiles(folder: string, name: string): { key: string; publicKey: string } {
  const { cert, key } = certificateFiles(folder, `payos-${name}-signing`);
  return { key, publicKey: cert };
}

/**
 * Makes the keys with which server and worker sign their requests to the vault (Ed25519), those
 * that are missing, in `directory/internal`. The public half is for the vault.
 */
export function ensureSigningKeys(directory: string): void {
  for (const name of signers) {
    const files = signingKeyFiles(join(directory, 'internal'), name);
    if (!existsSync(files.key)) {
      const { privateKey } = generateKeyPairSync('ed25519');
      writePrivate(files.key, String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    }
    const key = createPublicKey(createPrivateKey(readFileSync(files.key)));
    const pem = String(key.export({ type: 'spki', format: 'pem' }));
    // While a key is replaced by hand, the file holds the next one besides.
    const known = existsSync(files.publicKey) ? readFileSync(files.publicKey, 'utf8') : '';
    if (!known.includes(pem)) writePrivate(files.publicKey, pem);
  }
}
