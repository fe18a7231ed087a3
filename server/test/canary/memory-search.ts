import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { ByteSearch } from './byte-search.ts';

/**
 * Which of the texts are in the memory of a process of ours: all that it can write to, heap, stacks
 * and buffers alike, as a core dump or a heap snapshot would hold it. Linux only.
 */
export function foundInMemory(pid: number, search: ByteSearch): Set<string> {
  const found = new Set<string>();
  const chunk = Buffer.alloc(8 * 1024 * 1024);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const [from, to] of writableRanges(pid)) {
      for (let at = from; at < to; at += chunk.length - search.longest) {
        const length = Math.min(chunk.length, to - at);
        const bytes = chunk.subarray(0, readOrNothing(memory, chunk, length, at));
        for (const name of search.in(bytes)) found.add(name);
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

function writableRanges(pid: number): [number, number][] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').trimEnd().split('\n');
  return lines.flatMap((line) => {
    const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return from === '' ? [] : [[Number.parseInt(from, 16), Number.parseInt(to, 16)]];
  });
}

/** What is unmapped meanwhile holds nothing. */
function readOrNothing(memory: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, into, 0, length, at);
  } catch {
    return 0;
  }
}
