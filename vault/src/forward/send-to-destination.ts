import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { bareHost, type Dialling, dial, toEgressError } from 'payos-egress';
import { monotonicMs } from '../core/clock.ts';

/** Most that is read of an answer, in bytes. */
const answerMax = 64 * 1024;

export type DestinationAnswer = {
  status: number;
  headers: IncomingHttpHeaders;
  /** Undefined when there was more than is read. */
  body: Buffer | undefined;
};

type Sent =
  | ({ outcome: 'answered' } & DestinationAnswer)
  | { outcome: 'not_sent' | 'unknown'; detail: string };

export type Line = Omit<Dialling, 'timeoutMs'> & { secureContext: SecureContext };

type Outgoing = {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  timeoutMs: number;
};

/**
 * Sends one request to a host that a merchant named, and never a second. The name is resolved once
 * and the connection pinned to a public address; the certificate is checked; redirects are answers
 * like any other; one deadline holds for all of it. Nothing is written before the connection
 * stands; from the first byte on, every failure is `unknown`. Never rejects.
 */
export async function sendToDestination(line: Line, outgoing: Outgoing): Promise<Sent> {
  const endMs = monotonicMs() + outgoing.timeoutMs;
  let socket: TLSSocket;
  try {
    socket = await openTls(line, outgoing.url, endMs);
  } catch (error) {
    return { outcome: 'not_sent', detail: toEgressError(error).failure };
  }
  try {
    const answer = await exchange(socket, outgoing, endMs);
    return { outcome: 'answered', ...answer };
  } catch (error) {
    return { outcome: 'unknown', detail: toEgressError(error).failure };
  } finally {
    socket.destroy();
  }
}

const left = (endMs: number) => Math.max(1, endMs - monotonicMs());

async function openTls(line: Line, url: URL, endMs: number): Promise<TLSSocket> {
  const port = url.port === '' ? 443 : Number(url.port);
  const host = bareHost(url.hostname);
  const tcp = await dial(host, port, { ...line, timeoutMs: left(endMs) });
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: tcp,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: line.secureContext,
      // In so many words, so that no environment variable can switch it off.
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
    });
    const timer = setTimeout(() => socket.destroy(timeout()), left(endMs));
    socket.on('error', reject);
    socket.once('close', () => reject(timeout()));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once('close', () => clearTimeout(timer));
  });
}

function exchange(
  socket: TLSSocket,
  outgoing: Outgoing,
  endMs: number,
): Promise<DestinationAnswer> {
  const { url, method, headers, body } = outgoing;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(timeout()), left(endMs));
    const request = httpsRequest({
      createConnection: () => socket,
      hostname: bareHost(url.hostname),
      port: url.port === '' ? 443 : Number(url.port),
      path: url.pathname + url.search,
      method,
      maxHeaderSize: 16 * 1024,
      headers: { ...headers, 'content-length': body.length, 'accept-encoding': 'identity' },
    });
    const fail = (error: unknown) => {
      clearTimeout(timer);
      request.destroy();
      reject(error);
    };
    request.on('error', fail);
    request.on('response', (response) => {
      readAnswer(response).then((read) => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read });
      }, fail);
    });
    request.end(body);
  });
}

/** Whole, or not at all: of half an answer nobody can say what it meant. */
async function readAnswer(response: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop ends the connection: nobody can keep us reading.
    if (length > answerMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function timeout(): Error {
  return Object.assign(new Error(), { code: 'ETIMEDOUT' });
}
