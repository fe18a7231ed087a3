import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

type TransitKey = { versions: Buffer[]; oldest: number };
type Said = { status: number; data: object } | { status: number; errors: string[] };

const refuse = (message: string): Said => ({ status: 400, errors: [message] });

/** The transit engine of Vault: AES-256-GCM keys, their versions and their associated data. */
export class TransitEngine {
  readonly #keys = new Map<string, TransitKey>();
  /** As Vault before 1.13, which takes no notice of it. */
  ignoresAssociatedData = false;

  add(name: string): void {
    this.#keys.set(name, { versions: [randomBytes(32)], oldest: 1 });
  }

  delete(name: string): void {
    this.#keys.delete(name);
  }

  /** Makes a new version; older ones are taken away from use if `only`. */
  rotate(name: string, only = false): void {
    const key = this.#keys.get(name);
    const count = key?.versions.push(randomBytes(32)) ?? 0;
    if (key !== undefined && only) key.oldest = count;
  }

  /** @param path `transit/encrypt/NAME` or `transit/decrypt/NAME` */
  answer(path: string, input: Record<string, unknown>): Said {
    const [, act, name = ''] = path.split('/');
    const key = this.#keys.get(name);
    if (key === undefined) return refuse('encryption key not found');
    const bound = this.ignoresAssociatedData ? '' : String(input['associated_data'] ?? '');
    const aad = Buffer.from(bound, 'base64');
    if (act === 'encrypt') return this.#encrypt(key, aad, String(input['plaintext']));
    return this.#decrypt(key, aad, String(input['ciphertext']));
  }

  #encrypt({ versions }: TransitKey, aad: Buffer, plaintext: string): Said {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', versions.at(-1) as Buffer, iv).setAAD(aad);
    const body = Buffer.concat([cipher.update(plaintext, 'base64'), cipher.final()]);
    const sealed = Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64');
    const key_version = versions.length;
    return { status: 200, data: { ciphertext: `vault:v${key_version}:${sealed}`, key_version } };
  }

  #decrypt({ versions, oldest }: TransitKey, aad: Buffer, ciphertext: string): Said {
    const match = /^vault:v(\d+):([A-Za-z0-9+/=]+)$/.exec(ciphertext);
    if (match === null) return refuse('invalid ciphertext: no prefix');
    const version = Number(match[1]);
    if (version < oldest) {
      return refuse('ciphertext or signature version is disallowed by policy (too old)');
    }
    const secret = versions[version - 1];
    const sealed = Buffer.from(match[2] ?? '', 'base64');
    if (secret === undefined || sealed.length < 28) return refuse('invalid ciphertext');
    try {
      const cipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, 12)).setAAD(aad);
      cipher.setAuthTag(sealed.subarray(-16));
      const plain = Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]);
      return { status: 200, data: { plaintext: plain.toString('base64') } };
    } catch {
      return refuse('cipher: message authentication failed');
    }
  }
}
