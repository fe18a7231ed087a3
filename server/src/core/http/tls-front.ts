import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { problem } from 'payos-contract';
import { newId } from '../random.ts';

const tlsHandshakeByte = 0x16;
const firstByteTimeoutMs = 10_000;

/** How much of a plain request is looked at, in bytes: its headers, unless they are huge. */
const headMax = 16 * 1024;
/** How long the rest of its headers may take, in milliseconds. */
const headTimeoutMs = 1_000;
/** How long a client may go on talking after the answer, in milliseconds. */
const lingerMs = 1_000;

/**
 * Puts a look at the first byte in front of an HTTPS server: TLS goes on as usual, plain HTTP gets
 * a clear refusal instead of a reset connection. Never a redirect: a client that was redirected
 * would send its key in the open again and again without anybody noticing.
 *
 * @param onRefused told from where it came, and of the headers: there may be a key in them
 */
export function refusePlainHttp(
  server: Server,
  onRefused: (address: string, head: string) => void,
): void {
  const [accept, ...others] = server.listeners('connection') as ((socket: Socket) => void)[];
  if (accept === undefined || others.length > 0) throw new Error('unexpected HTTPS server');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), firstByteTimeoutMs);
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk: Buffer) => {
      clearTimeout(timer);
      socket.pause();
      if (chunk[0] === tlsHandshakeByte) {
        socket.unshift(chunk);
        accept.call(server, socket);
        return;
      }
      const address = socket.remoteAddress ?? 'unknown';
      readHead(socket, chunk, (head) => {
        onRefused(address, head);
        socket.end(refusal());
        setTimeout(() => socket.destroy(), lingerMs).unref();
      });
    });
    socket.once('close', () => clearTimeout(timer));
  });
}

/** Calls back once: at the end of the headers, of the connection, or of patience. */
function readHead(socket: Socket, first: Buffer, done: (head: string) => void): void {
  let head = '';
  let isDone = false;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    done(head);
  };
  const timer = setTimeout(finish, headTimeoutMs);
  const take = (bytes: Buffer) => {
    // What comes later is read and dropped, so that the answer is not lost to a reset.
    if (isDone) return;
    head += bytes.subarray(0, headMax - head.length).toString('latin1');
    if (head.length >= headMax || head.includes('\r\n\r\n')) finish();
  };
  socket.on('data', take);
  socket.once('close', finish);
  take(first);
  socket.resume();
}

function refusal(): string {
  const id = newId('request');
  const body = JSON.stringify(problem('plain_http', id));
  return [
    'HTTP/1.1 400 Bad Request',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `PayOS-Request-Id: ${id}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
