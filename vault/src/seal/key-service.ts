import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../core/problem.ts';
import { secureBytes } from '../core/random.ts';
import { type KeyContext, type KeyProvider, SealBroken } from './key-provider.ts';

/**
 * A key service gave no answer, or refused: whatever needs the key is not done. Not the fault of
 * the sealed bytes.
 */
export class KeyServiceFailed extends Refusal {
  /** One sentence for the operator and the log; holds nothing that was sent. */
  readonly reason: string;

  constructor(reason: string) {
    super('unavailable');
    this.name = 'KeyServiceFailed';
    this.reason = reason;
  }
}

/** The settings of a key service are wrong; the message is one sentence for the operator. */
export class KeyServiceMisconfigured extends Error {}

/** Longest time for one question to a key service with all its repetitions, in milliseconds. */
export const keyServiceMs = 4_000;

/** Two waits before further tries, each between half and all of its time: 150–300, 500–1000 ms. */
export function jitteredPauses(): number[] {
  return [300, 1_000].map((most) => most * (0.5 + secureBytes(1).readUInt8(0) / 510));
}

/** What `work` answers, unless it takes longer than the deadline, whatever it waits for. */
export async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = sleep(deadlineMs, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new KeyServiceFailed('The key service gives no answer in time.');
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}

/** Head of a wrapped key: format (1 byte) | length of the root's name (2) | the root's name. */
export function rootHead(format: number, root: string): Buffer {
  const head = Buffer.alloc(3);
  head.writeUInt8(format, 0);
  head.writeUInt16BE(Buffer.byteLength(root), 1);
  return Buffer.concat([head, Buffer.from(root)]);
}

/**
 * What a wrapped key begins with, whoever wrapped it: the keyring's root is a number of four bytes.
 * Keys that are none give what is in no provider's hands.
 */
export function rootOf(wrapped: Uint8Array): Buffer {
  const bytes = Buffer.from(wrapped);
  if (bytes.length < 5) return bytes;
  return bytes.subarray(0, bytes.readUInt8(0) === 1 ? 5 : 3 + bytes.readUInt16BE(1));
}

/** What {@link rootOf} gives, for people. */
export function nameOfRoot(root: Buffer): string {
  const name = root.toString('utf8', 3);
  switch (root.length < 5 ? 0 : root.readUInt8(0)) {
    case 1:
      return `keyring (root ${root.readUInt32BE(1)})`;
    case 2:
      return `aws-kms (${name})`;
    case 3:
      return `vault-transit (${name})`;
    default:
      return 'nobody known';
  }
}

/** Undoes {@link rootHead} and gives what follows it. Throws {@link SealBroken}. */
export function splitWrapped(format: number, wrapped: Uint8Array): { root: string; rest: Buffer } {
  const bytes = Buffer.from(wrapped);
  if (bytes.length < 3 || bytes.readUInt8(0) !== format) throw new SealBroken();
  const end = 3 + bytes.readUInt16BE(1);
  if (end > bytes.length) throw new SealBroken();
  return { root: bytes.toString('utf8', 3, end), rest: bytes.subarray(end) };
}

const probeContext: KeyContext = {
  organization: 'payos-probe',
  mode: 'test',
  purpose: 'card',
  version: 1,
};

/**
 * Tries a provider out: what it wraps must open, and must not open as anything else. Some services
 * ignore what they do not know, and would bind the keys to nothing.
 *
 * @throws KeyServiceFailed, KeyServiceMisconfigured
 */
export async function tryProvider(provider: KeyProvider): Promise<void> {
  const key = secureBytes(32);
  const wrapped = await provider.wrap(key, probeContext);
  const opened = await provider.unwrap(wrapped, probeContext);
  if (!timingSafeEqual(opened, key)) throw new SealBroken();
  const other = { ...probeContext, organization: 'payos-other' };
  const isBound = await provider.unwrap(wrapped, other).then(
    () => false,
    (error: unknown) => {
      if (error instanceof SealBroken) return true;
      throw error;
    },
  );
  if (!isBound) {
    throw new KeyServiceMisconfigured(
      `${provider.name} does not bind keys to whose they are. Vault before 1.13 and keys of ` +
        'other types than aes256-gcm96 do not; see docs/vault-keys.md.',
    );
  }
}
