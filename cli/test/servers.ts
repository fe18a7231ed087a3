import { webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

export type Recorded = { method: string; url: string; authorization: string; body: unknown };
export type Answer = { status?: number; body?: unknown; raw?: string };
export type Answering = (request: Recorded) => Answer;

type Running = { requests: Recorded[]; close: () => Promise<void> };

/** A real HTTP server on a Unix socket, in the place of the operator's. */
export async function operatorServer(socket: string, answering: Answering): Promise<Running> {
  const requests: Recorded[] = [];
  const server = createServer(listener(requests, answering));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { requests, close: () => closed(server) };
}

/** A real HTTPS server, in the place of API and vault. */
export async function apiServer(
  answering: Answering,
): Promise<Running & { url: string; cert: string }> {
  const requests: Recorded[] = [];
  const { cert, key } = await certificate();
  const server = createHttpsServer({ cert, key }, listener(requests, answering));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { requests, close: () => closed(server), url: `https://localhost:${port}`, cert };
}

function listener(requests: Recorded[], answering: Answering): RequestListener {
  return (request, response) => {
    void readBody(request).then((text) => {
      const { method = '', url = '', headers } = request;
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const recorded = { method, url, authorization: headers.authorization ?? '', body };
      requests.push(recorded);
      const answer = answering(recorded);
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(answer.raw ?? JSON.stringify(answer.body ?? {}));
    });
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Self-signed for localhost, valid for an hour. */
async function certificate(): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  // One of the library's parts insists on metadata functions on `Reflect` while it is loaded.
  for (const name of ['getMetadata', 'getOwnMetadata', 'defineMetadata']) {
    Reflect.set(Reflect, name, () => undefined);
  }
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: [{ CN: ['test localhost'] }],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
    ],
  });
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: made.toString('pem'), key: x509.PemConverter.encode(der, 'PRIVATE KEY') };
}
