import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import type { Load, LoadRequest, Slice } from './load.ts';

/**
 * Like `load`, with next to nothing around the bytes: a third of its cost, so that the server is
 * what is busy, and not whoever asks it. For requests without a body, and answers with a length.
 */
export const commands = { run };

async function run(load: Load): Promise<Slice> {
  const slice: Slice = {
    done: 0,
    seconds: 0,
    errors: 0,
    complaint: undefined,
    microseconds: [],
    ids: [],
  };
  const lanes = await Promise.all(Array.from({ length: load.concurrency }, () => open(load)));
  const heads = load.requests.map((request) => headOf(load, request));
  const began = performance.now();
  let next = 0;
  const work = async (lane: Lane) => {
    while (performance.now() - began < load.durationMs) {
      const startedAt = performance.now();
      const status = await lane.ask(heads[next++ % heads.length] as Buffer);
      slice.microseconds.push(Math.round((performance.now() - startedAt) * 1000));
      if (status === load.expect) slice.done += 1;
      else {
        slice.errors += 1;
        slice.complaint ??= `status ${status}`;
      }
      if (load.pauseMs !== undefined) await sleep(load.pauseMs);
    }
  };
  await Promise.all(lanes.map(work));
  slice.seconds = (performance.now() - began) / 1000;
  for (const { socket } of lanes) socket.destroy();
  return slice;
}

type Lane = { socket: TLSSocket; ask(head: Buffer): Promise<number> };

async function open({ origin, ca }: Load): Promise<Lane> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), servername: hostname, ca });
  await once(socket, 'secureConnect');
  socket.setNoDelay(true);
  let settle = (_status: number) => {};
  let kept: Buffer = Buffer.alloc(0);
  socket.on('error', () => settle(0));
  socket.on('close', () => settle(0));
  socket.on('data', (bytes: Buffer) => {
    kept = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
    const end = kept.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = kept.toString('latin1', 0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    if (kept.length < end + 4 + length) return;
    kept = Buffer.alloc(0);
    settle(Number(head.slice(9, 12)));
  });
  const ask = (head: Buffer) =>
    new Promise<number>((resolve) => {
      settle = resolve;
      if (socket.destroyed) resolve(0);
      else socket.write(head);
    });
  return { socket, ask };
}

function headOf({ origin, method, headers }: Load, request: LoadRequest): Buffer {
  const all = { host: new URL(origin).host, ...headers, ...request.headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${request.path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}
