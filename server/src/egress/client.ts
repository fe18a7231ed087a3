import type { Socket } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';
import {
  AddressGuard,
  checkDestination,
  EgressError,
  type Resolve,
  resolveHost,
  toEgressError,
} from 'payos-egress';
import { Agent, type Dispatcher, request } from 'undici';
import { guardedConnector } from './connector.ts';

export type EgressSettings = {
  /** PAYOS_EGRESS_ALLOW: CIDR ranges that are fine although special. */
  allow: readonly string[];
  /** Content of PAYOS_EGRESS_CA: PEM, trusted beside the usual roots. */
  ca: string | undefined;
  resolve?: Resolve;
};

export type EgressOptions = EgressSettings & {
  /** Milliseconds for everything: name, connection, TLS, request, and the last byte back. */
  timeoutMs: number;
};

export type EgressAnswer = {
  status: number;
  /** As sent, if it was sent once. */
  retryAfter: string | undefined;
  /** At most {@link answerMax} bytes; the rest is not read. */
  body: Buffer;
};

/** Most that is read of an answer, in bytes. */
const answerMax = 16 * 1024;

/** Beyond so many open connections, none is kept for later. */
const keptSocketsMax = 256;

/**
 * The one way in which PayOS sends to URLs that users give. https with a checked certificate, no
 * private or special address, no redirect, no proxy, one deadline for all of it.
 */
export class EgressClient {
  readonly #agent: Agent;
  readonly #guard: AddressGuard;
  readonly #timeoutMs: number;
  #sockets = 0;

  constructor({ allow, ca, timeoutMs, resolve = resolveHost }: EgressOptions) {
    this.#guard = new AddressGuard(allow);
    this.#timeoutMs = timeoutMs;
    const trusted = ca === undefined ? [...rootCertificates] : [...rootCertificates, ca];
    this.#agent = new Agent({
      connect: guardedConnector({
        guard: this.#guard,
        resolve,
        // Made once: parsing all roots anew for each connection takes milliseconds.
        secureContext: createSecureContext({ ca: trusted, minVersion: 'TLSv1.2' }),
        timeoutMs,
        onOpen: (socket) => this.#count(socket),
      }),
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      maxHeaderSize: answerMax,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  /**
   * Sends a POST and reads the answer, whatever its status.
   *
   * @throws EgressError when there was no complete answer in time
   */
  post(to: string, headers: Record<string, string>, body: Buffer | string): Promise<EgressAnswer> {
    return this.#send('POST', to, headers, body);
  }

  /** Reads what is there, whatever the status. @throws EgressError as {@link post} does */
  get(to: string, headers: Record<string, string>): Promise<EgressAnswer> {
    return this.#send('GET', to, headers, null);
  }

  async #send(
    method: 'GET' | 'POST',
    to: string,
    headers: Record<string, string>,
    body: Buffer | string | null,
  ): Promise<EgressAnswer> {
    const destination = checkDestination(to, this.#guard);
    if (!destination.ok) throw new EgressError('url_refused');
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.#timeoutMs);
    try {
      const answer = await request(destination.url, {
        dispatcher: this.#agent,
        method,
        headers,
        body,
        signal: deadline.signal,
        reset: this.#sockets > keptSocketsMax,
      });
      const retryAfter = answer.headers['retry-after'];
      return {
        status: answer.statusCode,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
        body: await readStart(answer.body),
      };
    } catch (error) {
      throw toEgressError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends all connections. Requests under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #count(socket: Socket): void {
    this.#sockets += 1;
    socket.once('close', () => {
      this.#sockets -= 1;
    });
  }
}

async function readStart(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop ends the connection: nobody can keep us reading.
    if (length >= answerMax) break;
  }
  return Buffer.concat(chunks).subarray(0, answerMax);
}
