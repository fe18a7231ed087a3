import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { lengthPrefixed } from '../core/bytes.ts';
import { secureBytes } from '../core/random.ts';
import { gcmOpen, gcmSeal, ivLength, tagLength } from './gcm.ts';
import { hkdfSha256 } from './hash.ts';
import type { Kek } from './kek-store.ts';
import { type Owner, SealBroken } from './key-provider.ts';

/*
 * A sealed record:
 *
 *   offset length
 *        0      4  magic "PYOS"
 *        4      1  format, 2
 *        5      1  algorithm, 1 = AES-256-GCM with HKDF-SHA-256 and a key commitment
 *        6     16  id of the key-encryption key (KEK)
 *       22      4  its version, big-endian
 *       26     12  IV of the wrapped data key (DEK)
 *       38     32  DEK, encrypted under the KEK
 *       70     16  its tag
 *       86     32  commitment to the DEK
 *      118     12  IV of the data
 *      130      n  data, encrypted under the encryption key
 *    130+n     16  its tag
 */
const magic = Buffer.from('PYOS', 'latin1');
const format = 2;
const firstFormat = 1;
const algorithm = 1;
const kekIdAt = 6;
const kekVersionAt = 22;
const wrapAt = 26;
const dekLength = 32;
const commitmentAt = wrapAt + ivLength + dekLength + tagLength;
const commitmentLength = 32;
const dataAt = commitmentAt + commitmentLength;
const shortest = dataAt + ivLength + tagLength;

/** Where a record belongs. A record that was moved anywhere else does not open. */
export type Place = Owner & { token: string; recordType: 'card' };

/** Which key a record needs: taken from its header, never found by trying. */
export type KekName = { id: string; version: number };

/** Seals bytes under a data key of their own. */
export function sealRecord(kek: Kek, place: Place, plain: Uint8Array): Buffer {
  const dek = secureBytes(dekLength);
  const head = { id: kek.id, version: kek.version, format };
  const { encryption, commitment } = deriveKeys(dek, place, format);
  const wrapped = gcmSeal(kek.key, wrapAad(place, head), dek);
  dek.fill(0);
  const data = gcmSeal(encryption, dataAad(place, head), plain);
  return Buffer.concat([headerOf(kek), wrapped, commitment, data]);
}

function headerOf(kek: KekName): Buffer {
  const header = Buffer.alloc(wrapAt);
  magic.copy(header);
  header.writeUInt8(format, 4);
  header.writeUInt8(algorithm, 5);
  header.write(kek.id, kekIdAt, 'hex');
  header.writeUInt32BE(kek.version, kekVersionAt);
  return header;
}

/** The key a record was sealed under. Throws {@link SealBroken} if this is no record. */
export function kekNameOf(record: Buffer): KekName {
  const { id, version } = readHead(record);
  return { id, version };
}

type Head = KekName & { format: number };

function readHead(record: Buffer): Head {
  const known =
    record.length >= shortest &&
    record.subarray(0, magic.length).equals(magic) &&
    [firstFormat, format].includes(record.readUInt8(4)) &&
    record.readUInt8(5) === algorithm;
  if (!known) throw new SealBroken();
  return {
    id: record.toString('hex', kekIdAt, kekVersionAt),
    version: record.readUInt32BE(kekVersionAt),
    format: record.readUInt8(4),
  };
}

/** Opens a record. Throws {@link SealBroken} when it was changed, moved, or is of another key. */
export function openRecord(kek: Kek, place: Place, record: Buffer): Buffer {
  const dek = openDek(kek, place, record);
  try {
    return openData(dek, place, record);
  } finally {
    dek.fill(0);
  }
}

/**
 * The same record under another KEK: its data key is wrapped anew, commitment and ciphertext stay,
 * byte for byte. Both have been seen to open before it is answered. A record of format 1 is sealed
 * anew. Throws {@link SealBroken} like {@link openRecord}.
 */
export function rewrapRecord(from: Kek, to: Kek, place: Place, record: Buffer): Buffer {
  const dek = openDek(from, place, record);
  const plain = openData(dek, place, record);
  try {
    if (readHead(record).format !== format) {
      const sealed = sealRecord(to, place, plain);
      openRecord(to, place, sealed).fill(0);
      return sealed;
    }
    const wrapped = gcmSeal(to.key, wrapAad(place, { ...to, format }), dek);
    const moved = Buffer.concat([headerOf(to), wrapped, record.subarray(commitmentAt)]);
    const again = openDek(to, place, moved);
    const isSame = timingSafeEqual(again, dek);
    again.fill(0);
    if (!isSame) throw new SealBroken();
    return moved;
  } finally {
    dek.fill(0);
    plain.fill(0);
  }
}

function openDek(kek: Kek, place: Place, record: Buffer): Buffer {
  const head = readHead(record);
  if (head.id !== kek.id || head.version !== kek.version) throw new SealBroken();
  return gcmOpen(kek.key, wrapAad(place, head), record.subarray(wrapAt, commitmentAt));
}

function openData(dek: Buffer, place: Place, record: Buffer): Buffer {
  const head = readHead(record);
  const { encryption, commitment } = deriveKeys(dek, place, head.format);
  // GCM alone lets one ciphertext open under two keys; the commitment pins the key down first.
  if (!timingSafeEqual(commitment, record.subarray(commitmentAt, dataAt))) throw new SealBroken();
  return gcmOpen(encryption, dataAad(place, head), record.subarray(dataAt));
}

/** HKDF-SHA-256 (RFC 5869): 32 bytes to encrypt with, 32 that commit to the data key. */
function deriveKeys(
  dek: Buffer,
  { recordType }: Place,
  ofFormat: number,
): { encryption: KeyObject; commitment: Buffer } {
  const info = lengthPrefixed(['payos/record/v1', recordType, ofFormat, algorithm]);
  const derived = hkdfSha256(createSecretKey(dek), info, 64);
  const encryption = createSecretKey(derived.subarray(0, 32));
  const commitment = Buffer.from(derived.subarray(32));
  derived.fill(0);
  return { encryption, commitment };
}

function dataAad({ mode, organization, token, recordType }: Place, head: Head): Buffer {
  const bound = ['payos/card/v1', mode, organization, token, recordType, head.format];
  const ofFirst = head.format === firstFormat ? [head.id, head.version] : [];
  return lengthPrefixed([...bound, ...ofFirst]);
}

function wrapAad({ mode, organization, token, recordType }: Place, head: Head): Buffer {
  const place = [mode, organization, token, recordType];
  return lengthPrefixed(['payos/dek/v1', ...place, head.format, head.id, head.version]);
}
