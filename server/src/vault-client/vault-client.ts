import type { PeerCertificate } from 'node:tls';
import { schemas } from 'payos-contract';
import { Compile } from 'typebox/compile';
import { Agent, type Dispatcher, errors, request } from 'undici';
import { Batch } from '../core/batch.ts';
import type { Scope } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

type Options = {
  /** Where the vault's internal port is, e.g. `https://localhost:8446`. */
  url: string;
  /** This process's certificate, its key, and the CA that signs PayOS processes. PEM. */
  cert: string;
  key: string;
  ca: string;
  log: Log;
};

const answerMax = 256 * 1024;
const shortTimeoutMs = 5_000;
/** Added to a forward's own deadline, so that the vault answers before this side gives up. */
const forwardSlackMs = 3_000;

/** Errors of undici that mean no byte of the request left this process. */
const notSentCodes = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);

/** The vault said nothing. `sent` tells whether it may have heard the question. */
export class VaultSilent extends Error {
  readonly sent: boolean;
  constructor(sent: boolean, cause: unknown) {
    super('the vault did not answer', { cause });
    this.sent = sent;
  }
}

/** A question to the vault that takes longer than this keeps no other waiting. */
const describePatienceMs = 50;

type Described = {
  owned: schemas.DescribeTokens['tokens'][number];
  requestId: string | undefined;
};

const checks = {
  described: Compile(schemas.TokenDescriptions),
  done: Compile(schemas.TokenDone),
  forwarded: Compile(schemas.Forwarded),
};

/** The server's only way to the vault: four questions, none of which can return a card number. */
export class VaultClient {
  readonly #options: Options;
  readonly #agent: Agent;
  readonly #describing = new Batch<Described, schemas.TokenDescription | null>({
    most: schemas.describedMax,
    patienceMs: describePatienceMs,
    work: (asked) => this.#describe(asked),
  });

  constructor(options: Options) {
    this.#options = options;
    const { cert, key, ca } = options;
    this.#agent = new Agent({
      connections: 64,
      keepAliveTimeout: 30_000,
      connect: {
        cert,
        key,
        ca,
        minVersion: 'TLSv1.3',
        timeout: 2_000,
        checkServerIdentity: isVault,
      },
    });
  }

  /** What may be shown of a token. @throws ApiError `not_found`, `vault_unavailable` */
  async describe(
    scope: Scope,
    token: string,
    requestId: string | undefined,
  ): Promise<schemas.TokenDescription> {
    const description = await this.#describing.ask({ owned: { ...scope, token }, requestId });
    if (description === null) throw new ApiError('not_found');
    return description;
  }

  /** Tokens of any owners, each looked up within its own. */
  async #describe(asked: readonly Described[]): Promise<(schemas.TokenDescription | null)[]> {
    const body = { tokens: asked.map(({ owned }) => owned) };
    // One line in the vault's log for all of them, under the id of the first.
    const answer = await this.#ask('/internal/tokens/describe', body, asked[0]?.requestId);
    return checked(checks.described, answer).tokens;
  }

  /** Makes a used token a saved card. May be repeated. */
  async keep(scope: Scope, token: string): Promise<boolean> {
    return checked(checks.done, await this.#ask('/internal/tokens/keep', { ...scope, token })).done;
  }

  /** Shreds a card. May be repeated. */
  async shred(scope: Scope, token: string): Promise<boolean> {
    const answer = await this.#ask('/internal/tokens/delete', { ...scope, token });
    return checked(checks.done, answer).done;
  }

  /**
   * Has the vault send a request with the card filled in.
   *
   * @throws VaultSilent when it is not known what the vault did
   * @throws ApiError `token_already_used`, `token_expired`, `not_found`: nothing was sent
   */
  async forward(
    forward: schemas.Forward,
    requestId: string | undefined,
  ): Promise<schemas.Forwarded> {
    const timeoutMs = forward.timeout_ms + forwardSlackMs;
    const answer = await this.#post('/internal/forward', forward, timeoutMs, requestId);
    return checked(checks.forwarded, answer);
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  /** A question that may be asked twice: once more on a connection that had died meanwhile. */
  async #ask(path: string, body: object, requestId?: string): Promise<unknown> {
    try {
      return await this.#post(path, body, shortTimeoutMs, requestId).catch((error: unknown) => {
        if (error instanceof VaultSilent) return this.#post(path, body, shortTimeoutMs, requestId);
        throw error;
      });
    } catch (error) {
      if (!(error instanceof VaultSilent)) throw error;
      this.#options.log.error({ err: error.cause, path }, 'the vault did not answer');
      throw new ApiError('vault_unavailable');
    }
  }

  async #post(
    path: string,
    body: object,
    timeoutMs: number,
    requestId: string | undefined,
  ): Promise<unknown> {
    let answer: Dispatcher.ResponseData;
    let text: string;
    try {
      answer = await request(this.#options.url + path, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          'content-type': 'application/json',
          ...(requestId === undefined ? {} : { 'payos-request-id': requestId }),
        },
        body: JSON.stringify(body),
        // From here, not from when a connection is free: a request must not leave after this
        // side has given up on it.
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await readCapped(answer);
    } catch (error) {
      throw new VaultSilent(!wasNotSent(error), error);
    }
    const parsed = parse(text);
    if (answer.statusCode === 200) return parsed;
    throw asError(parsed, answer.statusCode);
  }
}

/** A certificate of the internal CA is not enough: it must be the vault's. */
function isVault(_host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subject.CN === 'payos-vault') return undefined;
  return new Error('the peer is not the vault');
}

function wasNotSent(error: unknown): boolean {
  if (error instanceof errors.ConnectTimeoutError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return notSentCodes.has(code);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new VaultSilent(true, error);
  }
}

async function readCapped(answer: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    length += chunk.length;
    if (length > answerMax) throw new Error('the vault answered too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const passedOn = ['not_found', 'token_already_used', 'token_expired'] as const;

function asError(body: unknown, status: number): Error {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  const known = passedOn.find((name) => name === code);
  if (known !== undefined) return new ApiError(known);
  if (status === 503) return new ApiError('vault_unavailable');
  const refused = new Error(`the vault refused: ${status} ${String(code)}`);
  // A 4xx was said before anything left the vault.
  return status < 500 ? new VaultSilent(false, refused) : refused;
}

function checked<T>(check: { Check(value: unknown): value is T }, value: unknown): T {
  if (!check.Check(value)) throw new Error('the vault answered in an unknown form');
  return value;
}
