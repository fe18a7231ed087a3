import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Complaint } from '../complaint.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { out: string; json?: true };

/** `payos keys generate-signing-key`: the private key stays here; asks nobody. */
export function keysGenerateSigningKey(keys: Command, around: Surroundings): void {
  keys
    .command('generate-signing-key')
    .description('Make an Ed25519 key pair for signed requests, without asking any server')
    .option('--out <file>', 'where the private key goes, for its owner only', 'signing-key.pem')
    .option('--json', 'print JSON')
    .action(({ out, json }: Options) => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const file = resolve(around.directory, out);
      writeNew(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
      const jwk = publicKey.export({ format: 'jwk' });
      const base64 = Buffer.from(jwk.x ?? '', 'base64url').toString('base64');
      const { output } = around;
      if (json === true) return output.json({ private_key_file: file, public_key: base64, jwk });
      output.remark(`The private key is in ${file}. Keep it where you keep secrets.`);
      output.remark('Register the public key, below:');
      output.remark('  npx payos keys create --mode test --name "…" --public-key "…"');
      output.line(base64);
    });
}

/** Never over a file that is there: it may be the key that is in use. */
function writeNew(file: string, text: string | Buffer): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error ? String(Reflect.get(error, 'code')) : 'unknown';
    if (code === 'EEXIST') {
      throw new Complaint(`${file} is there already.`, ['fix: Name another file with --out.']);
    }
    throw new Complaint(`${file} cannot be written (${code}).`);
  }
}
