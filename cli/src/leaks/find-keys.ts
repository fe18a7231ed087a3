import { createPrivateKey, createPublicKey } from 'node:crypto';
import { parseApiKey } from 'payos-sdk';

/** A secret of PayOS in some text. */
export type Found = {
  /** From 1, as editors count. */
  line: number;
  /** In characters, from 1. */
  column: number;
  kind: 'secret' | 'publishable' | 'webhook_secret' | 'signing_key';
  mode: 'test' | 'live' | null;
  /**
   * Beginning and end, as `payos keys list` shows them; of a signing key the beginning of its
   * public key. Never the whole secret.
   */
  hint: string;
  /** `wrong`: nobody's key. `none`: only API keys have one. */
  checksum: 'right' | 'wrong' | 'none';
  encoding: 'plain' | 'wide' | 'base64';
};

type Sighting = Omit<Found, 'line' | 'column' | 'encoding'>;

/** UTF-16 and UTF-32, of either byte order, put zero bytes between the characters. */
const zeros = '\\0{0,3}';
const spaced = (text: string) => [...text].join(zeros);
const body = (characters: string, count: number) => `(?:${zeros}${characters}){${count}}`;

const apiKey = new RegExp(
  `${spaced('payos_')}${zeros}(?:${spaced('sk')}|${spaced('pk')})${zeros}_` +
    `${zeros}(?:${spaced('live')}|${spaced('test')})${zeros}_${body('[0-9A-Za-z]', 50)}` +
    `(?<more>${zeros}[0-9A-Za-z])?`,
  'y',
);
/** Any other service that follows Standard Webhooks has secrets of this form, too. */
const webhookSecret = new RegExp(
  `${spaced('whsec_')}${body('[0-9A-Za-z+/]', 43)}${zeros}=(?!${zeros}=)`,
  'y',
);
/** How PKCS #8 (RFC 8410) begins for every Ed25519 private key: in PEM, a line of 64 characters. */
const signingKeyStart = 'MC4CAQAwBQYDK2VwBCIEI';
const signingKey = new RegExp(`${spaced(signingKeyStart)}${body('[0-9A-Za-z+/]', 43)}`, 'y');
/** Bytes from the beginning of a secret to where it is certain what it is, in UTF-32. */
const reach = 4 * (64 + 1);

/** MIME and the tool of GNU wrap lines at 76 characters, and YAML indents them. */
const base64Run = /^[\w+/-]+(?:\r?\n[ \t]*[\w+/-]+)*=*/;

const prefixes = ['payos_', 'whsec_', signingKeyStart] as const;
type Anchor = { text: string; base64?: { before: string; shift: number } };

/** What secrets begin with, as bytes and in base64, where it depends on the bytes before. */
const anchors: readonly Anchor[] = prefixes.flatMap((prefix) => [
  ...['', '\0', '\0\0\0'].map((gap) => ({ text: [...prefix].join(gap) })),
  ...[0, 1, 2].map((shift) => {
    const whole = Buffer.from('\0'.repeat(shift) + prefix).toString('base64');
    const first = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + prefix.length) * 8) / 6);
    return { text: whole.slice(first, end), base64: { before: whole.slice(0, first), shift } };
  }),
]);
const anchorOf = new Map(anchors.map((anchor) => [anchor.text, anchor]));
const anyAnchor = new RegExp([...anchorOf.keys()].join('|'), 'g');

/**
 * Searches bytes for secrets, in memory that does not grow with them. Kubernetes secrets and Basic
 * authorization are base64, so that is looked into, too; compressed data is not.
 */
export async function* findKeys(chunks: AsyncIterable<Buffer>): AsyncGenerator<Found> {
  const reader = new Reader();
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}

class Reader {
  /** Each byte a character. */
  #window = '';
  /** Up to here lines are counted. */
  #counted = 0;
  #line = 1;
  #column = 1;

  push(chunk: Buffer): Found[] {
    this.#window += chunk.toString('latin1');
    return this.#search(this.#window.length - reach);
  }

  end(): Found[] {
    return this.#search(this.#window.length);
  }

  /** What begins before `limit`; what begins later may go on in the next chunk. */
  #search(limit: number): Found[] {
    if (limit <= 0) return [];
    const found: Found[] = [];
    for (const match of this.#window.matchAll(anyAnchor)) {
      if (match.index >= limit) break;
      const sighting = this.#look(match.index, anchorOf.get(match[0]));
      if (sighting !== undefined) {
        this.#count(match.index);
        found.push({ line: this.#line, column: this.#column, ...sighting });
      }
    }
    this.#count(limit);
    this.#window = this.#window.slice(limit);
    this.#counted = 0;
    return found;
  }

  #look(index: number, anchor: Anchor | undefined): Omit<Found, 'line' | 'column'> | undefined {
    if (anchor?.base64 !== undefined) {
      const { before, shift } = anchor.base64;
      const [run = ''] = base64Run.exec(this.#window.slice(index, index + reach)) ?? [];
      const whole = before + run.replace(/\s/g, '').slice(0, 96);
      const sighting = secretAt(Buffer.from(whole, 'base64').toString('latin1'), shift);
      if (sighting === undefined || sighting.checksum === 'wrong') return undefined;
      return { ...sighting, encoding: 'base64' };
    }
    const sighting = secretAt(this.#window, index);
    if (sighting === undefined) return undefined;
    return { ...sighting, encoding: anchor?.text.includes('\0') ? 'wide' : 'plain' };
  }

  #count(to: number): void {
    let from = this.#counted;
    while (from < to) {
      const end = this.#window.indexOf('\n', from);
      if (end === -1 || end >= to) break;
      this.#line += 1;
      this.#column = 1;
      from = end + 1;
    }
    for (; from < to; from += 1) {
      if (isCharacter(this.#window.charCodeAt(from))) this.#column += 1;
    }
    this.#counted = Math.max(to, this.#counted);
  }
}

/** Not a further byte of a character in UTF-8, nor a filling zero, nor part of an order mark. */
function isCharacter(byte: number): boolean {
  return byte !== 0 && (byte < 0x80 || byte > 0xbf) && byte < 0xfe;
}

function secretAt(text: string, index: number): Sighting | undefined {
  return apiKeyAt(text, index) ?? webhookSecretAt(text, index) ?? signingKeyAt(text, index);
}

function apiKeyAt(text: string, index: number): Sighting | undefined {
  apiKey.lastIndex = index;
  const match = apiKey.exec(text);
  if (match === null) return undefined;
  const key = withoutZeros(match[0]).slice(0, 64);
  const isRight = parseApiKey(key) !== undefined;
  // A longer word that begins like a key is none, unless its beginning is one.
  if (!isRight && match.groups?.more !== undefined) return undefined;
  return {
    kind: key.startsWith('payos_sk_') ? 'secret' : 'publishable',
    mode: key.slice(9, 13) === 'live' ? 'live' : 'test',
    hint: `${key.slice(0, 18)}…${key.slice(-4)}`,
    checksum: isRight ? 'right' : 'wrong',
  };
}

function webhookSecretAt(text: string, index: number): Sighting | undefined {
  webhookSecret.lastIndex = index;
  const [secret] = webhookSecret.exec(text) ?? [];
  if (secret === undefined) return undefined;
  const hint = `${withoutZeros(secret).slice(0, 10)}…`;
  return { kind: 'webhook_secret', mode: null, hint, checksum: 'none' };
}

function signingKeyAt(text: string, index: number): Sighting | undefined {
  signingKey.lastIndex = index;
  const [found] = signingKey.exec(text) ?? [];
  if (found === undefined) return undefined;
  const key = Buffer.from(withoutZeros(found), 'base64');
  const publicKey = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  const bytes = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const hint = `${bytes.toString('base64').slice(0, 8)}…`;
  return { kind: 'signing_key', mode: null, hint, checksum: 'none' };
}

const withoutZeros = (text: string) => text.replaceAll('\0', '');
