/**
 * What an API key says about itself:
 * `payos_<sk|pk>_<test|live>_<12 public id><32 secret><6 checksum>`, the body in base62.
 */
export type ParsedApiKey = {
  /** `secret`: for servers. `publishable`: may lie in a browser, creates tokens only. */
  kind: 'secret' | 'publishable';
  mode: 'test' | 'live';
  /** The server finds the key by it; may be shown. */
  publicId: string;
};

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const shape = /^payos_(sk|pk)_(test|live)_([0-9A-Za-z]{12})[0-9A-Za-z]{38}$/;

/**
 * Reads an API key without asking anybody. The checksum (CRC-32 of all before it) tells a key from
 * a placeholder or a mistyped one; whether the key is in use, only the server knows.
 *
 * @returns `undefined` for what can be nobody's key
 */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  const parsed = readApiKeyForm(text);
  if (parsed === undefined || checksumOf(text.slice(0, -6)) !== text.slice(-6)) return undefined;
  return parsed;
}

/** As {@link parseApiKey}, whatever the checksum says. */
export function readApiKeyForm(text: string): ParsedApiKey | undefined {
  const [, kind, mode, publicId] = shape.exec(text) ?? [];
  if (publicId === undefined) return undefined;
  return {
    kind: kind === 'sk' ? 'secret' : 'publishable',
    mode: mode === 'live' ? 'live' : 'test',
    publicId,
  };
}

/** CRC-32 (IEEE 802.3) in six digits of base62. Ours because browsers have none. */
function checksumOf(text: string): string {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index += 1) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let value = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let digit = 0; digit < 6; digit += 1) {
    digits = base62.charAt(value % 62) + digits;
    value = Math.floor(value / 62);
  }
  return digits;
}
