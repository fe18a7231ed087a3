import { linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, Refusal } from './refusal.ts';

/** Held while this launcher runs. */
export type Control = {
  /** The launcher before this one was killed: its processes may still be on their way out. */
  afterCrash: boolean;
  release(): void;
};

/**
 * Takes possession of the data directory: one launcher at a time. The owner listens on a socket, so
 * that the kernel ends its claim together with it, however it dies.
 *
 * @param run folder of the sockets
 * @param greeting what a second launcher is told about this one
 * @throws Refusal when another one runs
 */
export async function takeControl(run: string, greeting: string): Promise<Control> {
  const path = join(run, 'launcher.sock');
  const own = `${path}.${process.pid}`;
  rmSync(own, { force: true });
  const server = await listen(own, greeting);
  let afterCrash = false;
  try {
    // A link either appears whole or not at all, so that of two launchers one comes first.
    while (!link(own, path)) {
      await refuseOrRemove(path);
      afterCrash = true;
    }
    if (afterCrash) await refuseIfReplaced(path, fileOf(own));
  } catch (error) {
    server.close();
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
  const release = () => {
    rmSync(path, { force: true });
    server.close();
  };
  return { afterCrash, release };
}

function listen(path: string, greeting: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(greeting);
  });
  server.unref();
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(path, () => done(server));
  });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Longer than anybody who came with us takes to move a socket away. */
const settleMs = 150;

/**
 * Of many that come together over a stale socket, one may have moved ours away for stale, and
 * another come in between. Whoever is there in the end has it.
 */
async function refuseIfReplaced(path: string, own: number | undefined): Promise<void> {
  await sleep(settleMs);
  if (fileOf(path) === own) return;
  refuseIfRunning((await ask(path)) ?? 'it is starting');
}

/** The file behind a path; undefined when there is none. */
function fileOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Asks who listens; a socket on which nobody listens any more is moved away, by one of us. */
async function refuseOrRemove(path: string): Promise<void> {
  const before = fileOf(path);
  refuseIfRunning(await ask(path));
  // Meanwhile somebody else may have moved it away and come in its place.
  if (fileOf(path) !== before) return;
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const found = await ask(aside);
  if (found !== undefined) link(aside, path);
  rmSync(aside, { force: true });
  refuseIfRunning(found);
}

function refuseIfRunning(greeting: string | undefined): void {
  if (greeting === undefined) return;
  throw new Refusal(
    `PayOS is already running here (${greeting}). ` +
      'Stop it with Ctrl-C there, or give a second one a PAYOS_DATA_DIR and ports of its own.',
  );
}

/** What the owner of the socket says, or undefined when there is none. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = connect(path);
    let said = '';
    socket.setTimeout(3000, () => socket.destroy());
    socket.on('data', (chunk) => {
      said += String(chunk);
    });
    socket.on('error', (error) => done(codeOf(error) === 'EAGAIN' ? 'busy' : undefined));
    socket.on('close', () => done(said === '' ? 'it does not answer' : said));
  });
}
