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
 *        4      1  format, 1
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
const format = 1;
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
  const { encryption, commitment } = deriveKeys(dek, place);
  const header = Buffer.alloc(wrapAt);
  magic.copy(header);
  header.writeUInt8(format, 4);
  header.writeUInt8(algorithm, 5);
  header.write(kek.id, kekIdAt, 'hex');
  header.writeUInt32BE(kek.version, kekVersionAt);
  const wrapped = gcmSeal(kek.key, wrapAad(place, kek), dek);
  dek.fill(0);
  const data = gcmSeal(encryption, dataAad(place, kek), plain);
  return Buffer.concat([header, wrapped, commitment, data]);
}

/** The key a record was sealed under. Throws {@link SealBroken} if this is no record. */
export function kekNameOf(record: Buffer): KekName {
  const known =
    record.length >= shortest &&
    record.subarray(0, magic.length).equals(magic) &&
    record.readUInt8(4) === format &&
    record.readUInt8(5) === algorithm;
  if (!known) throw new SealBroken();
  return {
    id: record.toString('hex', kekIdAt, kekVersionAt),
    version: record.readUInt32BE(kekVersionAt),
  };
}

/** Opens a record. Throws {@link SealBroken} when it was changed, moved, or is of another key. */
export function openRecord(kek: Kek, place: Place, record: Buffer): Buffer {
  const name = kekNameOf(record);
  if (name.id !== kek.id || name.version !== kek.version) throw new SealBroken();
  const wrapped = record.subarray(wrapAt, commitmentAt);
  const dek = gcmOpen(kek.key, wrapAad(place, kek), wrapped);
  const { encryption, commitment } = deriveKeys(dek, place);
  dek.fill(0);
  // GCM alone lets one ciphertext open under two keys; the commitment pins the key down first.
  if (!timingSafeEqual(commitment, record.subarray(commitmentAt, dataAt))) throw new SealBroken();
  return gcmOpen(encryption, dataAad(place, kek), record.subarray(dataAt));
}

/** HKDF-SHA-256 (RFC 5869): 32 bytes to encrypt with, 32 that commit to the data key. */
function deriveKeys(
  dek: Buffer,
  { recordType }: Place,
): { encryption: KeyObject; commitment: Buffer } {
  const info = lengthPrefixed(['payos/record/v1', recordType, format, algorithm]);
  const derived = hkdfSha256(createSecretKey(dek), info, 64);
  const encryption = createSecretKey(derived.subarray(0, 32));
  const commitment = Buffer.from(derived.subarray(32));
  derived.fill(0);
  return { encryption, commitment };
}

function dataAad({ mode, organization, token, recordType }: Place, kek: KekName): Buffer {
  const place = [mode, organization, token, recordType];
  return lengthPrefixed(['payos/card/v1', ...place, format, kek.id, kek.version]);
}

function wrapAad({ mode, organization, token, recordType }: Place, kek: KekName): Buffer {
  const place = [mode, organization, token, recordType];
  return lengthPrefixed(['payos/dek/v1', ...place, format, kek.id, kek.version]);
}
