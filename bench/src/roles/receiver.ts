import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LoadRequest } from './load.ts';

export type Receiver = { certFile: string; keyFile: string };

/** Deliveries that arrived since they were last asked for. */
export type Received = {
  count: number;
  /** Deliveries that came more than once. */
  doubled: number;
  /** From the first to the last. */
  seconds: number;
};

/** Deliveries that are kept to be posted again. */
const keptMax = 1_000;

const kept: LoadRequest[] = [];
let seen = new Set<string>();
let doubled = 0;
let first = 0;
let last = 0;
let wanted = 0;
let enough: (() => void) | undefined;

export const commands = { open, expect, received, kept: () => kept };

/** A merchant's endpoint at its simplest: reads the delivery and says that it is fine. */
async function open({ certFile, keyFile }: Receiver): Promise<number> {
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const server = createServer(tls, (request, response) => {
    void text(request).then((body) => {
      note(request.url ?? '', request.headers, body);
      response.writeHead(200, { 'content-length': 2 });
      response.end('ok');
    });
  });
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function note(path: string, headers: NodeJS.Dict<string | string[]>, body: string): void {
  const id = `${path} ${headers['webhook-id']}`;
  last = performance.now();
  if (seen.size === 0) first = last;
  if (seen.has(id)) doubled += 1;
  seen.add(id);
  if (kept.length < keptMax) kept.push({ path, headers: passedOn(headers), body });
  if (seen.size >= wanted) enough?.();
}

function passedOn(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => /^(webhook-|content-type)/.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

/** Forgets what came so far and resolves when so many have come, or after the patience. */
async function expect({ count, patienceMs }: { count: number; patienceMs: number }) {
  received();
  wanted = count;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    enough = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  enough = undefined;
  return received();
}

function received(): Received {
  const answer = { count: seen.size, doubled, seconds: (last - first) / 1000 };
  seen = new Set();
  doubled = 0;
  return answer;
}
