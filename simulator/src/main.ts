import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadSettings } from 'payos-secrets';
import { now, rfc3339 } from './clock.ts';
import { openDatabase } from './database.ts';
import { createLog, levelOf } from './log.ts';
import { createSimulatorServer, stopServer } from './server.ts';

const names = [
  'PAYOS_SIMULATOR_HOST',
  'PAYOS_SIMULATOR_PORT',
  'PAYOS_TLS_CERT',
  'PAYOS_TLS_KEY',
  'PAYOS_SIMULATOR_SECRET',
  'PAYOS_DATA_DIR',
  'PAYOS_LOG_LEVEL',
] as const;

/** Says in one line each what keeps the process from starting, and ends it. */
function giveUp(lines: readonly string[]): never {
  process.stderr.write(lines.map((line) => `simulator: ${line}\n`).join(''));
  process.exit(1);
}

/** The result of `work`, or the end of the process with the reason it threw. */
function orGiveUp<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return giveUp([error instanceof Error ? error.message : 'cannot start']);
  }
}

process.umask(0o077);
// A parent that died took the other end of the pipe along; stopping in order matters more.
process.stdout.on('error', () => undefined);
const parsed = await loadSettings(process.env, names, names);
if (!parsed.ok) giveUp(parsed.mistakes);
for (const warning of parsed.warnings) process.stderr.write(`simulator: warning: ${warning}\n`);
const settings = parsed.settings;
const log = createLog(levelOf(settings.PAYOS_LOG_LEVEL), () => rfc3339(now()));
const db = orGiveUp(() =>
  openDatabase(join(settings.PAYOS_DATA_DIR, 'simulator', 'simulator.sqlite')),
);
const server = orGiveUp(() =>
  createSimulatorServer({
    db,
    log,
    secret: settings.PAYOS_SIMULATOR_SECRET,
    tls: {
      cert: settings.PAYOS_TLS_CERT,
      key: settings.PAYOS_TLS_KEY,
    },
  }),
);

/** Longest wait for requests being worked on, in milliseconds. */
const graceMs = 1_000;
let stopping = false;

async function stop(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log('info', 'stopping', { reason });
  await stopServer(server, graceMs);
  db.close();
  if (process.connected) process.disconnect();
  log('info', 'stopped');
}

for (const reason of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
  process.on(reason, () => void stop(reason));
}

const port = Number(settings.PAYOS_SIMULATOR_PORT);
server.on('error', (error: NodeJS.ErrnoException) => {
  const taken = `port ${port} is taken. Set PAYOS_SIMULATOR_PORT to another one.`;
  giveUp([error.code === 'EADDRINUSE' ? taken : error.message]);
});
server.listen(port, settings.PAYOS_SIMULATOR_HOST, () => {
  const { port: actual } = server.address() as AddressInfo;
  log('info', 'listening', { port: actual });
  process.send?.({ ready: true, port: actual });
});
