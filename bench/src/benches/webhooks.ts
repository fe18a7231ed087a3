import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBase58 } from 'payos-contract';
import type { Child } from '../child.ts';
import { compare, type Side, type Watched } from '../compare.ts';
import { type Comparison, row } from '../comparison.ts';
import type { LoadRequest, Slice } from '../roles/load.ts';
import type { Received } from '../roles/receiver.ts';
import { loadOf, type Stage } from '../stage.ts';

/** Each may have eight deliveries under way; together they use what one organization may. */
const endpoints = ['/a', '/b', '/c', '/d'];
const patienceMs = 60_000;

/** Deliveries to a receiver, beside bare posts of the same signed bodies to it. */
export async function benchWebhooks(stage: Stage): Promise<Comparison> {
  const receiver = await stage.start('receiver');
  const port = await receiver.ask<number>('open', stage.tls);
  for (const path of endpoints) {
    const url = `https://localhost:${port}${path}`;
    const { status, text } = await stage.payos.api.post('/v1/webhook_endpoints', stage.secret, {
      url,
    });
    if (status !== 201) throw new Error(`webhook endpoint: ${status} ${text}`);
  }
  const watch = { ...stage.watch, receiver: { pid: receiver.pid } };
  // The first deliveries are those that the bare posts repeat.
  const measured = await compare(stage, {
    ours: delivering(stage, receiver, watch),
    limit: posting(stage, receiver, port, watch),
  });
  await receiver.stop();
  return {
    name: 'webhook deliveries',
    ours: measured.ours,
    limits: [row('bare undici posts of the same bodies', measured.ours, measured.limit)],
  };
}

/** Puts events into the outbox and waits until every endpoint has every one of them, once. */
function delivering(stage: Stage, receiver: Child, watch: Watched): Side {
  const { eventsPerRound } = stage.plan;
  const count = eventsPerRound * endpoints.length;
  return {
    watch,
    work: async () => {
      const arrival = receiver.ask<Received>('expect', { count, patienceMs });
      const from = await putEvents(stage, eventsPerRound);
      const { count: arrived, doubled, seconds } = await arrival;
      const settled = await settledSince(stage, from, count);
      const errors = count - Math.min(arrived, settled.length) + doubled;
      const complaint =
        errors === 0
          ? undefined
          : `of ${count}: ${arrived} arrived, ${doubled} twice, ${settled.length} settled`;
      return { done: arrived, seconds, errors, complaint, microseconds: settled, ids: [] };
    },
  };
}

function posting(stage: Stage, receiver: Child, port: number, watch: Watched): Side {
  const target = { port, method: 'POST', expect: 200 } as const;
  let requests: LoadRequest[] = [];
  return {
    watch: { ...watch, load: { pid: stage.load.pid } },
    prepare: async () => {
      if (requests.length === 0) requests = await receiver.ask<LoadRequest[]>('kept', undefined);
    },
    work: (durationMs) => {
      const load = loadOf(stage, target, requests, { durationMs, headers: {} });
      return stage.load.ask<Slice>('run', load);
    },
  };
}

/** Copies the event of the newest payment. @returns the id of the first copy */
async function putEvents(stage: Stage, count: number): Promise<string> {
  const client = await stage.payos.connect('control');
  const ids = Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.alloc(16);
    bytes.writeUIntBE(Date.now(), 0, 6);
    bytes.writeUInt32BE(index, 8);
    return encodeBase58(bytes);
  });
  try {
    await client.query(
      `INSERT INTO events (organization_id, id, mode, type, object_id, sequence, api_version,
         request_id, data)
       SELECT e.organization_id, 'evt_' || fresh, mode, type, 'pay_' || fresh, 1, api_version,
         request_id, data
       FROM unnest($1::text[]) AS fresh,
         (SELECT * FROM events WHERE organization_id = $2 AND type = 'payment.succeeded'
          ORDER BY id DESC LIMIT 1) AS e`,
      [ids, stage.organization],
    );
  } finally {
    await client.end();
  }
  return `evt_${ids[0]}`;
}

/** How long the attempts took, in microseconds, of the deliveries that are settled. */
async function settledSince(stage: Stage, from: string, count: number): Promise<number[]> {
  const client = await stage.payos.connect('control');
  const end = performance.now() + patienceMs;
  try {
    for (;;) {
      const { rows } = await client.query<{ duration_ms: number }>(
        `SELECT a.duration_ms FROM webhook_deliveries d
         JOIN webhook_attempts a ON a.organization_id = d.organization_id AND a.delivery_id = d.id
         WHERE d.organization_id = $1 AND d.event_id >= $2 AND d.status = 'succeeded'`,
        [stage.organization, from],
      );
      if (rows.length >= count || performance.now() > end) {
        return rows.map(({ duration_ms }) => duration_ms * 1000);
      }
      await sleep(50);
    }
  } finally {
    await client.end();
  }
}
