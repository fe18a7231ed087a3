import type { Server as HttpServer } from 'node:http';
import type { Server } from 'node:https';

const graceMs = 10_000;

/** Starts listening. A taken port is told with the setting that moves it. */
export function listen(server: Server, port: number, host: string, setting: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is in use. Stop what uses it or set ${setting} to another.`;
      const other = `Cannot listen on ${host} port ${port} (${error.code ?? error.name}).`;
      reject(new Error(error.code === 'EADDRINUSE' ? taken : other));
    });
    server.listen(port, host, () => resolve());
  });
}

/** Takes no new connections, lets requests under way finish for ten seconds, then cuts the rest. */
export async function stopServers(servers: readonly (Server | HttpServer)[]): Promise<void> {
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  // A connection that was busy when the server closed stays open when it falls idle.
  const idle = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, 50);
  const cut = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, graceMs);
  await Promise.all(closed);
  clearInterval(idle);
  clearTimeout(cut);
}
