import type { IncomingMessage } from 'node:http';
import { parseStrictJson } from 'payos-contract';
import { drainLimit } from './answer.ts';
import { Refusal } from './problem.ts';

type BodyLimits = {
  /** Bytes. */
  size: number;
  /** Milliseconds for the whole body to arrive. */
  timeoutMs: number;
};

/**
 * Reads and parses a JSON body. Throws {@link Refusal}: `unsupported_media_type`, `body_too_large`,
 * `request_timeout`, `invalid_text`, `malformed_json`, `duplicate_key`, `too_deeply_nested`.
 *
 * The bytes are overwritten afterwards. That is best effort: the strings parsed from them stay
 * until the garbage collector takes them.
 *
 * @param accept sees the bytes before they are parsed; what it throws is thrown
 */
export async function readJsonBody(
  request: IncomingMessage,
  limits: BodyLimits,
  accept: (bytes: Buffer) => void = () => {},
): Promise<unknown> {
  checkMediaType(request);
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > drainLimit) throw new Refusal('body_too_large');
  const chunks = await collect(request, limits);
  const bytes = Buffer.concat(chunks);
  for (const chunk of chunks) chunk.fill(0);
  try {
    accept(bytes);
    return parse(bytes);
  } finally {
    bytes.fill(0);
  }
}

function checkMediaType(request: IncomingMessage): void {
  const types = request.headersDistinct['content-type'] ?? [];
  const json = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;
  const encoded = request.headers['content-encoding'];
  if (types.length === 1 && json.test(types[0] ?? '') && encoded === undefined) return;
  throw new Refusal('unsupported_media_type');
}

function collect(request: IncomingMessage, { size, timeoutMs }: BodyLimits): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => {
      done();
      reject(new Refusal('request_timeout', {}, { Connection: 'close' }));
    }, timeoutMs);
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= size) chunks.push(chunk);
      else if (length > drainLimit) onEnd();
    };
    const onEnd = () => {
      done();
      if (length <= size) return resolve(chunks);
      for (const chunk of chunks) chunk.fill(0);
      reject(new Refusal('body_too_large'));
    };
    const onGone = () => {
      done();
      reject(new Refusal('malformed_http'));
    };
    const done = () => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
    };
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
  });
}

function parse(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal('invalid_text');
  }
  const parsed = parseStrictJson(text);
  // The contract's detail may quote the body; here a quote could be a card number.
  if (!parsed.ok) throw new Refusal(parsed.refusal.code);
  return parsed.value;
}
