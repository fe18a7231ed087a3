import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long a connection has to take its last answer along, in milliseconds. */
const lastAnswerMs = 250;

/**
 * When the application closes, connections on which nothing is asked are closed with it. Node does
 * that only for those that have asked something before: a browser opens others ahead of time, and
 * they would hold the process up until they time out.
 */
export function closeQuietConnections(app: FastifyInstance): void {
  const server = app.server as unknown as Server;
  const bare = track(server, 'connection');
  const secure = track(server, 'secureConnection');
  let underWay = 0;
  let whenQuiet = () => {};
  server.on('request', (_request, response) => {
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
      if (underWay === 0) whenQuiet();
    });
  });
  app.addHook('preClose', (done) => {
    whenQuiet = () => {
      for (const socket of secure) socket.end();
      setTimeout(() => {
        for (const socket of bare) socket.destroy();
      }, lastAnswerMs).unref();
    };
    if (underWay === 0) whenQuiet();
    done();
  });
}

function track(server: Server, event: 'connection' | 'secureConnection'): Set<Socket> {
  const open = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}
