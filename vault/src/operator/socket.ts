import { chmodSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createConnection } from 'node:net';
import { hardenServer } from '../core/listener.ts';

/**
 * The operator's door: a Unix socket that only the user of this process can open (0600), and no
 * port. It is made with no rights for others, so that there is no moment at which it lies open.
 *
 * @throws Error when somebody listens there already
 */
export async function listenOperator(path: string, listener: RequestListener): Promise<Server> {
  if (await isAlive(path)) throw new Error(`Another process listens on ${path}.`);
  rmSync(path, { force: true });
  const server = createServer(listener);
  hardenServer(server, listener);
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(before);
  }
  chmodSync(path, 0o600);
  return server;
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
