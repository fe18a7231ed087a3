import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { problem } from 'payos-contract';
import { newId } from '../random.ts';

const tlsHandshakeByte = 0x16;
const firstByteTimeoutMs = 10_000;

/**
 * Puts a look at the first byte in front of an HTTPS server: TLS goes on as usual, plain HTTP gets
 * a clear refusal instead of a reset connection. Never a redirect: a client that was redirected
 * would send its key in the open again and again without anybody noticing.
 */
export function refusePlainHttp(server: Server, onRefused: (address: string) => void): void {
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
      onRefused(socket.remoteAddress ?? 'unknown');
      socket.end(refusal());
      // What follows is read and dropped, so that the answer is not lost to a reset.
      socket.on('data', () => undefined);
      socket.resume();
      setTimeout(() => socket.destroy(), 1_000).unref();
    });
    socket.once('close', () => clearTimeout(timer));
  });
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
