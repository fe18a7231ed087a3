import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const socketName = '.s.PGSQL.5432';

/**
 * Stands between a process and PostgreSQL, and can be told to hold everything back: a network that
 * is cut, where nobody is told that a connection is gone.
 *
 * @param url of a database, whichever: all that is asked of the proxy is forwarded there
 */
export async function startDatabaseProxy(url: string) {
  const target = new URL(url).searchParams.get('host') ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'payos-proxy-'));
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = createConnection(join(target, socketName));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (chunk) => to.write(chunk));
      if (isCut) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(join(folder, socketName), resolve));
  return {
    /** The same database by way of the proxy. */
    through: (direct: string) => direct.replace(/(?<=[?&]host=)[^&]*/, encodeURIComponent(folder)),
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
