import { timingSafeEqual } from 'node:crypto';
import type { Card } from '../cards/card.ts';
import { lengthPrefixed } from '../core/bytes.ts';
import { type TokenLife, usualSeconds } from '../tokens/token-life.ts';
import { hmacSha256 } from './hash.ts';
import type { Kek, KekStore } from './kek-store.ts';
import { type Owner, SealBroken } from './key-provider.ts';

/** A keyed hash of a number, and the version of the key. */
export type NumberMac = { version: number; mac: Buffer };

/**
 * The number of a card under each key in use: the active one first, then those whose rotation is
 * not over, under which the same card may be known.
 */
export async function numberMacsOf(
  keks: Pick<KekStore, 'inUse'>,
  owner: Owner,
  card: Card,
): Promise<NumberMac[]> {
  const inUse = await keks.inUse(owner, 'fingerprint');
  return inUse.map((kek) => ({ version: kek.version, mac: numberMacOf(kek, owner, card) }));
}

/**
 * Equal for equal numbers of one organization and mode, and useless without the key. Neither ever
 * leaves the vault (PCI DSS 3.5.1.1: a keyed hash of the entire number): what is shown as
 * fingerprint is another thing, which stays when the key is replaced. 16 bytes.
 */
export function numberMacOf(kek: Kek, owner: Owner, card: Card): Buffer {
  return card.useNumber((digits) => {
    const input = lengthPrefixed([owner.organization, owner.mode, digits]);
    const mac = hmacSha256(kek.key, input);
    input.fill(0);
    return mac.subarray(0, 16);
  });
}

/** What is recognized: which card is to live how long. */
type TokenRequest = { card: Card; life: TokenLife };

/**
 * Recognizes the same request under the same Idempotency-Key. Covers everything that was sent but
 * the security code, of which nothing derived may be stored.
 *
 * @returns version of the key (4 bytes, big-endian) and MAC (32)
 */
export function requestMacOf(kek: Kek, owner: Owner, { card, life }: TokenRequest): Buffer {
  const plain = card.toBytes();
  const { seconds, singleUse } = life;
  // As it was before there was a choice, so that requests of then are recognized.
  const isUsual = singleUse && seconds === usualSeconds;
  const input = lengthPrefixed([
    ...['payos/create-token/v1', owner.organization, owner.mode, plain],
    ...(isUsual ? [] : [seconds, singleUse ? 'once' : 'often']),
  ]);
  const version = Buffer.alloc(versionLength);
  version.writeUInt32BE(kek.version);
  const mac = Buffer.concat([version, hmacSha256(kek.key, input)]);
  plain.fill(0);
  input.fill(0);
  return mac;
}

const versionLength = 4;
const macLength = 32;

/**
 * Whether a request is the one whose MAC was stored, by whichever key that was made. When that key
 * is retired, nobody can tell any more.
 */
export async function isRequestOf(
  stored: Buffer,
  owner: Owner,
  request: TokenRequest,
  keks: Pick<KekStore, 'ofVersion'>,
): Promise<boolean> {
  // Those of the first version were stored without it.
  const isBare = stored.length === macLength;
  const version = isBare ? 1 : stored.readUInt32BE(0);
  const kek = await keks.ofVersion(owner, 'idempotency', version).catch((error: unknown) => {
    if (error instanceof SealBroken) return undefined;
    throw error;
  });
  if (kek === undefined) return false;
  const mac = requestMacOf(kek, owner, request).subarray(versionLength);
  return timingSafeEqual(mac, isBare ? stored : stored.subarray(versionLength));
}
