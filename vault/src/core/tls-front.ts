import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { rawProblem } from './answer.ts';
import type { Log } from './log.ts';
import { newRequestId } from './random.ts';

/** First byte of a TLS connection: a record of type handshake (RFC 8446 §5.1). */
const tlsHandshake = 0x16;
const firstByteMs = 10_000;
/** How long its headers may take, and how much of them is looked at, in bytes. */
const headMs = 1_000;
const headLimit = 16 * 1024;
/** How long a plain-text client may go on talking before its connection is cut. */
const lingerMs = 1_000;

/**
 * Makes an HTTPS server tell plain HTTP from TLS by the first byte of each connection. Plain HTTP
 * is answered with a refusal, never with a redirect: a redirect would make a client that leaks its
 * key work. What it sent is not logged.
 *
 * @param onRefused told of its headers: there may be a key in them
 */
export function refusePlainHttp(
  server: HttpsServer,
  log: Log,
  onRefused: (head: string, address: string) => void,
): void {
  const [secure] = server.listeners('connection');
  if (secure === undefined) throw new Error('the HTTPS server does not listen to connections');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), firstByteMs);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
    socket.once('data', (bytes: Buffer) => {
      clearTimeout(timer);
      if (bytes[0] !== tlsHandshake) return refuse(socket, bytes, log, onRefused);
      socket.pause();
      socket.unshift(bytes);
      secure.call(server, socket);
    });
  });
}

function refuse(
  socket: Socket,
  first: Buffer,
  log: Log,
  onRefused: (head: string, address: string) => void,
): void {
  const requestId = newRequestId();
  const address = socket.remoteAddress;
  log('warn', 'plain_http_refused', {
    request_id: requestId,
    ...(address === undefined ? {} : { address }),
  });
  let head = '';
  let answered = false;
  const answer = () => {
    if (answered) return;
    answered = true;
    clearTimeout(timer);
    onRefused(head, address ?? '');
    socket.end(rawProblem('plain_http', requestId));
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
  const timer = setTimeout(answer, headMs);
  const take = (bytes: Buffer) => {
    if (answered) return;
    head += bytes.subarray(0, headLimit - head.length).toString('latin1');
    if (head.length >= headLimit || head.includes('\r\n\r\n')) answer();
  };
  socket.on('data', take);
  socket.once('close', answer);
  take(first);
}
