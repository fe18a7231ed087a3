import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BuiltFile } from './read-build.ts';

/**
 * A file of what was built for browsers. Names under `assets/` hold a hash of the
 * content, and never change it.
 */
export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: BuiltFile,
): FastifyReply {
  const forever = /^(\/checkout)?\/assets\//.test(request.url);
  reply.headers({
    'cache-control': forever ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    etag: file.etag,
    vary: 'Accept-Encoding',
  });
  if (holdsTag(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  reply.type(file.type);
  for (const [encoding, content] of file.encodings) {
    if (!accepts(request.headers['accept-encoding'], encoding)) continue;
    return reply.header('content-encoding', encoding).send(content);
  }
  return reply.send(file.content);
}

/** RFC 9110, 13.1.2: the weak comparison, of a list or of any. */
function holdsTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** Whether a coding is named, and not refused with `q=0`. */
function accepts(header: string | string[] | undefined, encoding: string): boolean {
  return String(header ?? '')
    .split(',')
    .some((part) => {
      const [name = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      return name === encoding && !parameters.some((one) => /^q=0(\.0*)?$/.test(one));
    });
}
