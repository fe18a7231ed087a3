import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

export type LoadRequest = { path: string; headers?: Record<string, string>; body?: string };

/** Requests to make, `concurrency` of them at once, over connections that are kept. */
export type Load = {
  origin: string;
  ca: string;
  method: 'GET' | 'POST';
  /** On every request. */
  headers: Record<string, string>;
  requests: LoadRequest[];
  /** Begin again after the last one; otherwise that is the end. */
  repeat: boolean;
  /** Send a fresh Idempotency-Key with each. */
  keyed: boolean;
  concurrency: number;
  /** How long each rests before its next request; without it the next follows at once. */
  pauseMs?: number;
  /** No request is begun after this time. */
  durationMs: number;
  /** The status that counts as success. */
  expect: number;
  /** Hand the answers' `id` back. */
  collect: boolean;
};

/** What became of a slice of work. */
export type Slice = {
  done: number;
  seconds: number;
  errors: number;
  /** What the first error was, for people. */
  complaint: string | undefined;
  /** How long each took. */
  microseconds: number[];
  ids: string[];
};

const pools = new Map<string, Pool>();

export const commands = { run, text };

/** The text of the answer to the first request. */
async function text(load: Load): Promise<string> {
  const { method, headers, requests } = load;
  const answer = await poolOf(load).request({ method, path: requests[0]?.path ?? '/', headers });
  return answer.body.text();
}

function poolOf({ origin, ca, concurrency }: Load): Pool {
  const known = pools.get(origin);
  if (known !== undefined) return known;
  const pool = new Pool(origin, { connections: concurrency, connect: { ca } });
  pools.set(origin, pool);
  return pool;
}

async function run(load: Load): Promise<Slice> {
  const pool = poolOf(load);
  const slice: Slice = {
    done: 0,
    seconds: 0,
    errors: 0,
    complaint: undefined,
    microseconds: [],
    ids: [],
  };
  const began = performance.now();
  let next = 0;
  const take = () => {
    if (performance.now() - began >= load.durationMs) return undefined;
    if (next >= load.requests.length && !load.repeat) return undefined;
    next += 1;
    return load.requests[(next - 1) % load.requests.length];
  };
  const loop = async () => {
    for (let item = take(); item !== undefined; item = take()) {
      await send(pool, load, item, slice);
      if (load.pauseMs !== undefined) await sleep(load.pauseMs);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, loop));
  slice.seconds = (performance.now() - began) / 1000;
  return slice;
}

async function send(pool: Pool, load: Load, item: LoadRequest, slice: Slice): Promise<void> {
  const began = performance.now();
  const headers = {
    ...load.headers,
    ...item.headers,
    ...(load.keyed ? { 'idempotency-key': randomUUID() } : {}),
  };
  try {
    const { method, path } = { method: load.method, path: item.path };
    const answer = await pool.request({ method, path, headers, body: item.body ?? null });
    const text = await answer.body.text();
    slice.microseconds.push(Math.round((performance.now() - began) * 1000));
    if (answer.statusCode !== load.expect) return complain(slice, `${answer.statusCode} ${text}`);
    slice.done += 1;
    if (load.collect) slice.ids.push(JSON.parse(text).id);
  } catch (error) {
    complain(slice, String(error));
  }
}

function complain(slice: Slice, complaint: string): void {
  slice.errors += 1;
  slice.complaint ??= complaint.slice(0, 500);
}
