import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { ensureCertificates } from '../../../launcher/src/certificates.ts';

export type TestCertificates = { ca: string; cert: string; key: string; remove(): void };

/** A fresh CA and its certificate for localhost and 127.0.0.1. */
export async function testCertificates(): Promise<TestCertificates> {
  const directory = mkdtempSync(join(tmpdir(), 'payos-egress-'));
  await ensureCertificates(directory, new Date());
  return {
    ca: readFileSync(join(directory, 'ca.pem'), 'utf8'),
    cert: readFileSync(join(directory, 'localhost.pem'), 'utf8'),
    key: readFileSync(join(directory, 'localhost-key.pem'), 'utf8'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export type Received = { path: string; headers: IncomingMessage['headers']; body: Buffer };

export type Receiver = {
  port: number;
  url: string;
  received: Received[];
  /** Connections that reached the TCP port. */
  connections(): number;
  /** TLS handshakes that were completed. */
  sessions(): number;
  close(): Promise<void>;
};

type Answer = (request: Received, response: ServerResponse) => void;

/** A real HTTPS server on a port of its own that notes what it gets. */
export async function startReceiver(
  { cert, key }: Pick<TestCertificates, 'cert' | 'key'>,
  answer: Answer = (_request, response) => response.end('ok'),
  options: TlsOptions & { host?: string } = {},
): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  let sessions = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer({ cert, key, ...options }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const got = { path: request.url ?? '', headers: request.headers, body };
      received.push(got);
      answer(got, response);
    });
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', () => {
    sessions += 1;
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://localhost:${port}/`,
    received,
    connections: () => connections,
    sessions: () => sessions,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
