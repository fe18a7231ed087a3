import { isIP, isIPv6 } from 'node:net';

/**
 * Name constraints (RFC 5280 §4.2.1.10), DER: a CA that can vouch for localhost, 127.0.0.0/8, ::1
 * and the names given, so that a user who trusts it, and then loses its key, has lost no more.
 *
 * @param names host names and addresses
 */
export function nameConstraints(names: readonly string[]): Buffer {
  const subtrees = [
    dns('localhost'),
    address(Buffer.from([127, 0, 0, 0]), Buffer.from([255, 0, 0, 0])),
    address(bytesOf('::1'), Buffer.alloc(16, 255)),
    ...[...new Set(names)].sort().map((name) => {
      if (isIP(name) === 0) return dns(name);
      const bytes = bytesOf(name);
      return address(bytes, Buffer.alloc(bytes.length, 255));
    }),
  ];
  return tlv(0x30, tlv(0xa0, ...subtrees));
}

const dns = (name: string) => tlv(0x30, tlv(0x82, Buffer.from(name, 'ascii')));
const address = (bytes: Buffer, mask: Buffer) => tlv(0x30, tlv(0x87, bytes, mask));

/** An element of DER: tag, length, content. */
function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), body]);
}

function bytesOf(ip: string): Buffer {
  if (!isIPv6(ip)) return Buffer.from(ip.split('.').map(Number));
  // A URL has it in one form, without dotted parts: at most one `::`, groups in hex.
  const [head = '', tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
