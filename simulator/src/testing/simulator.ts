import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../../../tools/harness/quick-start.ts';
import { selfSigned } from './certificates.ts';
import { type Client, createClient } from './client.ts';

export const secret = 'a-secret-only-used-in-these-tests';

export const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/** What is still there when a test file ends, because a test failed before it cleaned up. */
const leftovers: { pids: Set<number>; folders: Set<string> } = {
  pids: new Set(),
  folders: new Set(),
};

/** For the last `after` of a test file: a failed test must not leave processes that hold it up. */
export function endLeftovers(): void {
  for (const pid of leftovers.pids) kill(pid);
  for (const folder of leftovers.folders) rmSync(folder, { recursive: true, force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    leftovers.pids.delete(pid);
  }
}

/** Has a process that is not a direct child ended with the test file, until `forget` is called. */
export function endLater(pid: number): { forget: () => void } {
  leftovers.pids.add(pid);
  return { forget: () => leftovers.pids.delete(pid) };
}

/** A data directory with certificates, in which simulators run one after another. */
export type Home = { folder: string; env: Record<string, string>; ca: string; remove: () => void };

/** A running simulator process. `output` is everything it has written so far. */
export type Running = { child: ChildProcess; port: number; client: Client; output: () => string };

/** Makes a temporary folder and a self-signed certificate. Call `remove` at the end. */
export async function createHome(): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'payos-simulator-'));
  const { cert, key } = await selfSigned();
  leftovers.folders.add(folder);
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  const env = {
    ...compileCache,
    PAYOS_DATA_DIR: folder,
    PAYOS_SIMULATOR_PORT: '0',
    PAYOS_SIMULATOR_SECRET: secret,
    PAYOS_TLS_CERT_FILE: join(folder, 'cert.pem'),
    PAYOS_TLS_KEY_FILE: join(folder, 'key.pem'),
    PAYOS_LOG_LEVEL: 'debug',
  };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { folder, env, ca: cert, remove };
}

/** Starts a simulator process and waits until it listens. */
export async function start(home: Home): Promise<Running> {
  const { child, output } = launch(home.env);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port));
    child.once('exit', () => reject(new Error(`did not start: ${output()}`)));
  });
  return { child, port, client: createClient(port, home.ca, secret), output };
}

/** Starts the process, whatever becomes of it. */
export function launch(env: Record<string, string>) {
  const child = fork(mainFile, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const { pid } = child;
  if (pid !== undefined) {
    const { forget } = endLater(pid);
    child.once('exit', forget);
  }
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return { child, output: () => text };
}

/** Ends a simulator and waits for its end. Answers the exit code, `null` after SIGKILL. */
export async function end(running: Running, signal: NodeJS.Signals = 'SIGTERM') {
  running.client.close();
  const { child } = running;
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'close');
  child.kill(signal);
  await exit;
  return child.exitCode;
}
