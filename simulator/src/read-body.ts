import type { IncomingMessage } from 'node:http';
import { parseStrictJson } from 'payos-contract';
import { type Answer, refuse } from './answer.ts';

/** Largest body that is read, in bytes. */
export const bodyMax = 64 * 1024;

/**
 * How much of a too large body is still read and thrown away, in bytes: a caller that is cut off
 * while it sends often never sees the answer.
 */
const discardMax = 1024 * 1024;

type Body = { ok: true; value: unknown } | { ok: false; answer: Answer };

/**
 * Reads a JSON body.
 *
 * @throws Error when the caller goes away before its end
 */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const bytes = await collect(request);
  if (bytes !== undefined) return parse(bytes);
  return { ok: false, answer: { ...refuse(413, 'body_too_large'), close: true } };
}

/** All bytes of the body, or nothing when there are more than {@link bodyMax}. */
function collect(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyMax) chunks.push(chunk);
      if (size > discardMax) resolve(undefined);
    });
    request.on('end', () => resolve(size > bodyMax ? undefined : Buffer.concat(chunks, size)));
    request.on('error', reject);
  });
}

function parse(bytes: Buffer): Body {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, answer: refuse(400, 'invalid_text') };
  }
  const parsed = parseStrictJson(text);
  if (parsed.ok) return parsed;
  return { ok: false, answer: refuse(400, parsed.refusal.code) };
}
