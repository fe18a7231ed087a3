import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { rawProblem } from './answer.ts';
import type { Log } from './log.ts';
import { newRequestId } from './random.ts';

/** First byte of a TLS connection: a record of type handshake (RFC 8446 §5.1). */
const tlsHandshake = 0x16;
const firstByteMs = 10_000;
/** How long a plain-text client may go on talking before its connection is cut. */
const lingerMs = 1_000;

/**
 * Makes an HTTPS server tell plain HTTP from TLS by the first byte of each connection. Plain HTTP
 * is answered with a refusal, never with a redirect: a redirect would make a client that leaks its
 * key work. What it sent is dropped unread and unlogged.
 */
export function refusePlainHttp(server: HttpsServer, log: Log): void {
  const [secure] = server.listeners('connection');
  if (secure === undefined) throw new Error('the HTTPS server does not listen to connections');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), firstByteMs);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
    socket.once('data', (bytes: Buffer) => {
      clearTimeout(timer);
      if (bytes[0] !== tlsHandshake) return refuse(socket, log);
      socket.pause();
      socket.unshift(bytes);
      secure.call(server, socket);
    });
  });
}

function refuse(socket: Socket, log: Log): void {
  const requestId = newRequestId();
  const address = socket.remoteAddress;
  log('warn', 'plain_http_refused', {
    request_id: requestId,
    ...(address === undefined ? {} : { address }),
  });
  socket.resume();
  socket.end(rawProblem('plain_http', requestId));
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
