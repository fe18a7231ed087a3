import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** SHA-1 in hex, and how often it was seen: `…:3`. Longer lines there are not. */
const lineShape = /^([0-9A-F]{40})(?::\d+)?\r?$/i;
const lineMax = 64;

/**
 * Looks a password up in a list of those that were in breaches: SHA-1 hashes in order, one per
 * line, as Have I Been Pwned publishes them. Nothing is loaded and nothing leaves the machine: a
 * binary search reads some forty places of the file, however large it is.
 *
 * @throws Error when the file cannot be read or is not such a list
 */
export async function isBreached(path: string, password: string): Promise<boolean> {
  const wanted = createHash('sha1').update(password).digest('hex').toUpperCase();
  const file = await open(path, 'r');
  try {
    return await search(file, path, wanted);
  } finally {
    await file.close();
  }
}

async function search(file: FileHandle, path: string, wanted: string): Promise<boolean> {
  let from = 0;
  let to = (await file.stat()).size;
  while (from < to) {
    const line = await lineAt(file, Math.floor((from + to) / 2));
    const hash = lineShape.exec(line.text)?.[1]?.toUpperCase();
    if (hash === undefined) throw new Error(`${path} is not an ordered list of SHA-1 hashes`);
    if (hash === wanted) return true;
    if (hash < wanted) from = line.end + 1;
    else to = line.start;
  }
  return false;
}

/** The line in which a byte lies, with the positions of its first byte and of its end. */
async function lineAt(file: FileHandle, position: number) {
  const from = Math.max(0, position - lineMax);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * lineMax), 0, 2 * lineMax, from);
  const bytes = buffer.subarray(0, bytesRead);
  const at = position - from;
  const start = at === 0 ? 0 : bytes.lastIndexOf('\n', at - 1) + 1;
  const newline = bytes.indexOf('\n', at);
  const end = newline === -1 ? bytes.length : newline;
  return { text: bytes.toString('latin1', start, end), start: from + start, end: from + end };
}
