import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningCluster } from '../../../tools/harness/cluster.ts';
import type { Plan } from '../plan.ts';
import { busySince, machineTime } from '../processes.ts';
import type { Slice } from '../roles/load.ts';
import { percentile } from '../statistics.ts';
import {
  inLanes,
  openServers,
  readingLoad,
  type Servers,
  type Study,
  spreadOf,
  startLoad,
} from './study.ts';

/** How much is going on meanwhile, in milliseconds of rest after each answer. */
const loads = {
  /** A machine that is well used; the aim is for this one. */
  busy: { readPauseMs: 60, probePauseMs: 15 },
  /** More than it can do: whatever happens waits for a processor first. */
  overloaded: { readPauseMs: 25, probePauseMs: 3 },
} as const;
type LoadName = keyof typeof loads;

type Key = { id: string; key: string };
type Target = { node: string; ask: (key: string) => Promise<number> };

/** Of a key at a target: when the last request that was accepted had begun, Unix milliseconds. */
type Probe = { key: string; node: string; lastAcceptedMs: number };

/**
 * Revoked means everywhere: keys are revoked one after the other at three servers under load, while
 * each is used at every server and at the vault until it is refused there. Then the same with a
 * server that sleeps, one that is cut off from the database, and after PostgreSQL was killed.
 */
export async function studyRevocation(running: RunningCluster, plan: Plan): Promise<Study> {
  const stage = await openServers(running.cluster);
  const study: Study = { name: 'revocation', rows: [], figures: {}, complaints: [] };
  try {
    for (const name of Object.keys(loads) as LoadName[]) await underLoad(stage, name, plan, study);
    await whileAsleep(stage, study);
    await whileCutOff(stage, study);
    await afterRestart(stage, running, study);
    return study;
  } finally {
    await stage.stop();
  }
}

/** Revokes keys while every server has something to do. */
async function underLoad(stage: Servers, name: LoadName, plan: Plan, study: Study): Promise<void> {
  const keys = await mint(stage, plan.revocations);
  const load = await startLoad(stage.payos, name);
  const own = await stage.payos.operator.mint(stage.organization, { rate_limit: 1_000_000 });
  const resting = { durationMs: 1e9, pauseMs: loads[name].readPauseMs };
  const work = Promise.all(
    stage.servers.map(({ ports }) =>
      load.ask<Slice>('run', readingLoad(stage.payos, ports.api, own.key, resting)),
    ),
  ).catch(() => []);
  await revokeUnderUse(stage, name, keys, study);
  await load.stop();
  await work;
}

async function mint({ servers, organization }: Servers, count: number): Promise<Key[]> {
  const keys: Key[] = [];
  const permissions = ['customers:read', 'tokens:create'] as const;
  await inLanes(Array.from({ length: count }), 8, async () => {
    const made = await servers[0].operator.mint(organization, { permissions: [...permissions] });
    keys.push({ id: made.id, key: made.key });
  });
  return keys;
}

function targetsOf({ payos, servers }: Servers): Target[] {
  const body = {
    type: 'card',
    card: { number: '4242424242424242', exp_month: 12, exp_year: 2034 },
  };
  const nodeOf = (log: string) => /"node":"(server-[0-9a-f]+)"/.exec(log)?.[1] ?? '';
  return [
    ...servers.map(({ process, api }) => ({
      node: nodeOf(process.log()),
      ask: async (key: string) => (await api.get('/v1/customers?limit=1', key)).status,
    })),
    {
      node: 'vault',
      ask: async (key) => (await payos.vault.call('POST', '/v1/tokens', { key, body })).status,
    },
  ];
}

async function revokeUnderUse(
  stage: Servers,
  name: LoadName,
  keys: readonly Key[],
  study: Study,
): Promise<void> {
  const targets = targetsOf(stage);
  const pauseMs = loads[name].probePauseMs;
  const probes: Probe[] = [];
  let began = 0;
  const since = machineTime();
  await inLanes(keys, 4, async ({ id, key }, index) => {
    for (const { ask } of targets) await ask(key);
    began ||= performance.now();
    const probing = targets.map((target) => probe(target, id, key, pauseMs));
    await stage.servers[index % 3]?.operator.revoke(id);
    probes.push(...(await Promise.all(probing)));
  });
  const seconds = (performance.now() - began) / 1000;
  const busy = `${(busySince(since) * 100).toFixed(0)} % of the machine`;
  const { toLast, late, missing } = await accountFor(stage, keys, probes);
  const accepted = late.length;
  study.rows.push(
    [
      `${name}: keys revoked under load, 3 servers and the vault`,
      `${keys.length} in ${seconds.toFixed(1)} s, ${busy}`,
    ],
    [`${name}: from the change, before its COMMIT, to the last acknowledgement`, spreadOf(toLast)],
    [`${name}: requests accepted that began after the acknowledgement`, String(accepted)],
  );
  Object.assign(study.figures, {
    [`${name}: revocations`]: keys.length,
    [`${name}: p50`]: percentile(toLast, 50),
    [`${name}: p99`]: percentile(toLast, 99),
    [`${name}: max`]: percentile(toLast, 100),
    [`${name}: accepted afterwards`]: accepted,
  });
  if (accepted > 0) study.complaints.push(`accepted after the acknowledgement: ${late.join()}`);
  if (missing > 0) study.complaints.push(`${missing} acknowledgements are missing`);
}

/** Uses a key until it is refused. */
async function probe(
  { node, ask }: Target,
  id: string,
  key: string,
  pauseMs: number,
): Promise<Probe> {
  let lastAcceptedMs = 0;
  for (;;) {
    const beganMs = Date.now();
    if ((await ask(key)) === 401) return { key: id, node, lastAcceptedMs };
    lastAcceptedMs = beganMs;
    await sleep(pauseMs);
  }
}

/** Holds probes against what the database knows of acknowledgements: the clock is the same. */
async function accountFor({ payos }: Servers, keys: readonly Key[], probes: readonly Probe[]) {
  const control = await payos.connect('control');
  try {
    const { rows } = await control.query(
      `SELECT c.key_id AS key, n.kind, a.node_id AS node, cardinality(c.nodes) AS nodes,
         extract(epoch FROM a.acknowledged_at)::float8 * 1000 AS acknowledged_ms,
         extract(epoch FROM a.acknowledged_at - c.created_at)::float8 * 1000 AS took_ms
       FROM key_changes c JOIN key_change_acks a ON a.change_id = c.id
       JOIN key_nodes n ON n.id = a.node_id
       WHERE c.key_id = ANY($1)`,
      [keys.map(({ id }) => id)],
    );
    const acks = new Map<string, number>();
    const last = new Map<string, number>();
    const counts = new Map<string, number>();
    for (const { key, kind, node, nodes, acknowledged_ms, took_ms } of rows) {
      acks.set(`${key} ${kind === 'vault' ? 'vault' : node}`, acknowledged_ms);
      last.set(key, Math.max(last.get(key) ?? 0, took_ms));
      counts.set(key, (counts.get(key) ?? nodes) - 1);
    }
    const late = probes.filter(({ key, node, lastAcceptedMs }) => {
      return lastAcceptedMs > Math.ceil(acks.get(`${key} ${node}`) ?? Number.NEGATIVE_INFINITY);
    });
    const missing = [...counts.values()].reduce((sum, left) => sum + left, 0);
    return { toLast: [...last.values()], late: late.map(({ node }) => node), missing };
  } finally {
    await control.end();
  }
}

/** A server sleeps (SIGSTOP) while keys are revoked, and finds requests waiting when it wakes. */
async function whileAsleep(stage: Servers, study: Study): Promise<void> {
  const [first, second] = stage.servers;
  const keys = await remembered(stage);
  second.process.signal('SIGSTOP');
  await Promise.all(keys.map(({ id }) => first.operator.revoke(id)));
  const waiting = keys.map(({ key }) => second.api.get('/v1/customers?limit=1', key));
  await sleep(100);
  second.process.signal('SIGCONT');
  const answers = await Promise.all(waiting);
  const accepted = answers.filter(({ status }) => status !== 401).length;
  study.rows.push(['accepted by a server that slept meanwhile', `${accepted} of ${keys.length}`]);
  if (accepted > 0) study.complaints.push(`a server that woke up accepted ${accepted} dead keys`);
}

/** A server is cut off from the database: nobody tells it that its connections are dead. */
async function whileCutOff(stage: Servers, study: Study): Promise<void> {
  const [first, , third] = stage.servers;
  const keys = await remembered(stage);
  stage.proxy.cut();
  await Promise.all(keys.map(({ id }) => first.operator.revoke(id)));
  const ready = await third.api.get('/readyz');
  const answers = await Promise.all(keys.map(({ key }) => third.api.get('/v1/customers', key)));
  const accepted = answers.filter(({ status }) => status < 400).length;
  stage.proxy.mend();
  const mended = performance.now();
  while ((await third.api.get('/readyz')).status !== 200) await sleep(20);
  const backMs = performance.now() - mended;
  const after = await Promise.all(keys.map(({ key }) => third.api.get('/v1/customers', key)));
  const stillAccepted = after.filter(({ status }) => status !== 401).length;
  study.rows.push(
    ['accepted by a server that is cut off from the database', `${accepted} of ${keys.length}`],
    ['its /readyz meanwhile', `${ready.status}: ${ready.body?.detail}`],
    ['until it was ready again', `${(backMs / 1000).toFixed(1)} s`],
  );
  study.figures['readyAfterCutMs'] = backMs;
  if (accepted + stillAccepted > 0) {
    study.complaints.push(`a server that was cut off accepted ${accepted + stillAccepted} keys`);
  }
}

/** PostgreSQL is killed and comes back, and keys are revoked at once. */
async function afterRestart(stage: Servers, running: RunningCluster, study: Study): Promise<void> {
  const keys = await remembered(stage);
  await running.crashAndRestart();
  const began = performance.now();
  await inLanes(keys, keys.length, async ({ id }) => {
    while (
      !(await stage.servers[0].operator.revoke(id).then(
        () => true,
        () => false,
      ))
    ) {
      await sleep(20);
    }
  });
  const revokedMs = performance.now() - began;
  const answers = await Promise.all(
    stage.servers.flatMap(({ api }) => keys.map(({ key }) => api.get('/v1/customers', key))),
  );
  const accepted = answers.filter(({ status }) => status < 400).length;
  study.rows.push(
    ['PostgreSQL killed: until keys were revoked again', `${(revokedMs / 1000).toFixed(1)} s`],
    ['accepted afterwards, by all servers', `${accepted} of ${answers.length}`],
  );
  if (accepted > 0) study.complaints.push(`after a restart ${accepted} dead keys were accepted`);
}

/** Keys that every server remembers. */
async function remembered(stage: Servers): Promise<Key[]> {
  const keys = await mint(stage, 20);
  for (const { api } of stage.servers) {
    for (const { key } of keys) {
      while ((await api.get('/v1/customers?limit=1', key)).status !== 200) await sleep(20);
    }
  }
  return keys;
}
