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
  /** Where PostgreSQL answers, by what the other side calls itself. */
  const answering = new Map<Socket, string>();
  let isCut = false;
  const server = createServer((near) => {
    const far = createConnection(join(target, socketName));
    near.once('data', (startUp) => answering.set(far, startUp.toString('latin1')));
    far.once('close', () => answering.delete(far));
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
    /** Lets questions pass and holds the answers back, except those to one application. */
    holdAnswers: (except: string) => {
      for (const [far, startUp] of answering) if (!startUp.includes(except)) far.pause();
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
