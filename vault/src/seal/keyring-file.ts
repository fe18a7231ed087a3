import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Mode } from 'payos-contract';
import Type, { type Static } from 'typebox';
import { Check } from 'typebox/value';
import { lengthPrefixed } from '../core/bytes.ts';
import { secureBytes } from '../core/random.ts';
import { gcmOpen, gcmSeal } from './gcm.ts';
import { type KeyContext, type KeyProvider, SealBroken } from './key-provider.ts';

const Keyring = Type.Object(
  {
    provider: Type.Literal('keyring-file'),
    current: Type.Integer({ minimum: 1, maximum: 4_294_967_295 }),
    roots: Type.Record(Type.String({ pattern: '^[1-9][0-9]{0,9}$' }), Type.String()),
  },
  { additionalProperties: false },
);

const wrapFormat = 1;
const headerLength = 5;

/** The keyring cannot be used; the message is one sentence for the operator. */
export class KeyringRefused extends Error {}

/**
 * Root keys in a file, for development: whoever can read the disk can read both the data and its
 * keys. Each mode gets its own root, derived from the version's key.
 *
 * Wrapped form: format (1 byte) | root version (4) | iv (12) | key | tag (16).
 *
 * @param text content of the file
 * @param inCustody it came from the hands of several custodians, and lies nowhere in the clear
 * @throws {KeyringRefused}
 */
export function openKeyring(text: string, inCustody = false): KeyProvider {
  const keyring = readKeyring(text);
  const roots = deriveRoots(keyring);
  const rootOf = (version: number, mode: Mode) => {
    const root = roots.get(`${version} ${mode}`);
    if (root === undefined) throw new SealBroken();
    return root;
  };
  const header = headerOf(keyring.current);
  return {
    name: 'keyring-file',
    fitForLive: inCustody,
    isRemote: false,
    root: header,
    opens: (root) => Object.keys(keyring.roots).some((version) => headerOf(+version).equals(root)),
    wrap: async (key, context) => {
      const root = rootOf(keyring.current, context.mode);
      return Buffer.concat([header, gcmSeal(root, aadOf(keyring.current, context), key)]);
    },
    unwrap: async (wrapped, context) => {
      const bytes = Buffer.from(wrapped);
      if (bytes.length < headerLength || bytes.readUInt8(0) !== wrapFormat) throw new SealBroken();
      const version = bytes.readUInt32BE(1);
      const sealed = bytes.subarray(headerLength);
      return gcmOpen(rootOf(version, context.mode), aadOf(version, context), sealed);
    },
    close: async () => {},
  };
}

/**
 * The same keyring with a further root, which new keys are wrapped by.
 *
 * @throws {KeyringRefused}
 */
export function withNewRoot(text: string): string {
  const { roots } = readKeyring(text);
  const current = Math.max(...Object.keys(roots).map(Number)) + 1;
  const root = secureBytes(32);
  const more = { ...roots, [current]: root.toString('base64') };
  root.fill(0);
  return JSON.stringify({ provider: 'keyring-file', current, roots: more });
}

function headerOf(rootVersion: number): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(wrapFormat, 0);
  header.writeUInt32BE(rootVersion, 1);
  return header;
}

function aadOf(rootVersion: number, { mode, organization, purpose, version }: KeyContext): Buffer {
  return lengthPrefixed(['payos/kek/v1', rootVersion, mode, organization, purpose, version]);
}

function readKeyring(text: string): Static<typeof Keyring> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new KeyringRefused('PAYOS_VAULT_KEYRING is not valid JSON.');
  }
  if (!Check(Keyring, value) || value.roots[String(value.current)] === undefined) {
    throw new KeyringRefused(
      'PAYOS_VAULT_KEYRING must look like ' +
        '{"provider":"keyring-file","current":1,"roots":{"1":"<32 bytes, base64>"}}.',
    );
  }
  return value;
}

function deriveRoots(keyring: Static<typeof Keyring>): Map<string, KeyObject> {
  const roots = new Map<string, KeyObject>();
  const seen = new Set<string>();
  for (const [version, text] of Object.entries(keyring.roots)) {
    const material = Buffer.from(text, 'base64');
    if (material.length !== 32 || material.toString('base64') !== text) {
      throw new KeyringRefused(`Root ${version} of PAYOS_VAULT_KEYRING is not 32 bytes in base64.`);
    }
    for (const mode of ['test', 'live'] as const) {
      const info = lengthPrefixed(['payos/root/v1', mode, version]);
      const root = createSecretKey(Buffer.from(hkdfSync('sha256', material, '', info, 32)));
      roots.set(`${version} ${mode}`, root);
    }
    seen.add(createHmac('sha256', 'payos/same-root').update(material).digest('hex'));
    material.fill(0);
  }
  if (seen.size !== Object.keys(keyring.roots).length) {
    throw new KeyringRefused('Two roots of PAYOS_VAULT_KEYRING are the same key.');
  }
  return roots;
}
