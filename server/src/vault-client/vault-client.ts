import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { aboutWhom, contextHeader, ownedIn, schemas } from 'payos-contract';
import { Compile } from 'typebox/compile';
import { Pool } from 'undici';
import { Batch } from '../core/batch.ts';
import type { Scope } from '../core/context.ts';
import { ApiError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { Audience } from './audience.ts';
import type { SignContext } from './context-signer.ts';
import { type Answer, exchange, VaultSilent } from './exchange.ts';
import { Reachability, type VaultOutcome } from './reachability.ts';

type Options = {
  /** Where the vault's internal port is, e.g. `https://localhost:8446`. */
  url: string;
  /** This process's certificate, its key, and the CA that signs PayOS processes. PEM. */
  cert: string;
  key: string;
  ca: string;
  sign: SignContext;
  log: Log;
  metrics: Pick<Metrics, 'vaultQuestions' | 'vaultReachable'>;
};

const shortTimeoutMs = 5_000;
/** Added to a forward's own deadline, so that the vault answers before this side gives up. */
const forwardSlackMs = 3_000;

/** A question to the vault that takes longer than this keeps no other waiting. */
const describePatienceMs = 50;

type Described = {
  owned: schemas.DescribeTokens['tokens'][number];
  requestId: string | undefined;
};

const checks = {
  described: Compile(schemas.TokenDescriptions),
  done: Compile(schemas.TokenDone),
  oneDescribed: Compile(schemas.TokenDescription),
  forwarded: Compile(schemas.Forwarded),
  requestForwarded: Compile(schemas.RequestForwarded),
  destinationDone: Compile(schemas.ForwardDestinationDone),
  cvcToken: Compile(schemas.CvcTokenChecked),
};

/** The server's only way to the vault: none of its questions can return a card number. */
export class VaultClient {
  readonly #options: Options;
  readonly #pool: Pool;
  readonly #audience: Audience;
  readonly #reachability: Reachability;
  readonly #describing = new Batch<Described, schemas.TokenDescription | null>({
    most: schemas.describedMax,
    patienceMs: describePatienceMs,
    work: (asked) => this.#describe(asked),
  });

  constructor(options: Options) {
    this.#options = options;
    this.#reachability = new Reachability(options.metrics);
    const { cert, key, ca } = options;
    this.#pool = new Pool(options.url, {
      connections: 64,
      keepAliveTimeout: 30_000,
      // An exchange has one deadline of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        cert,
        key,
        ca,
        minVersion: 'TLSv1.3',
        timeout: 2_000,
        checkServerIdentity: isVault,
      },
    });
    const context = { method: 'GET', path: '/internal/context', headers: {}, body: null } as const;
    this.#audience = new Audience(() =>
      exchange(this.#pool, { ...context, requestId: undefined, timeoutMs: shortTimeoutMs }),
    );
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

  /**
   * Seals a saved card anew, under a token that waits a day to be kept. May be repeated.
   *
   * @throws ApiError `not_found`, `card_expired`, `invalid_card`, `vault_unavailable`
   */
  async renew(
    scope: Scope,
    order: Omit<schemas.RenewToken, 'organization' | 'mode'>,
    requestId: string | undefined,
  ): Promise<schemas.TokenDescription> {
    const answer = await this.#ask('/internal/tokens/renew', { ...scope, ...order }, requestId);
    return checked(checks.oneDescribed, answer);
  }

  /** Makes a used token a saved card, and answers what may be shown of it. May be repeated. */
  async keep(scope: Scope, token: string): Promise<schemas.TokenDescription> {
    const answer = await this.#ask('/internal/tokens/keep', { ...scope, token });
    return checked(checks.oneDescribed, answer);
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

  /**
   * Whether a security code that was collected by itself is there, and free.
   *
   * @param session the checkout session that is paid, if one is
   * @throws ApiError `cvc_token_expired`, `vault_unavailable`
   */
  async checkCvcToken(
    scope: Scope,
    token: string,
    session: string | undefined,
    requestId: string | undefined,
  ): Promise<void> {
    const paid = session === undefined ? {} : { checkout_session: session };
    const body = { ...scope, cvc_token: token, ...paid };
    checked(checks.cvcToken, await this.#ask('/internal/cvc/check', body, requestId));
  }

  /**
   * Has the vault send a merchant's request, with the card filled in, to a destination on its list.
   *
   * @throws VaultSilent when it is not known what the vault did
   * @throws ApiError `destination_not_allowed`, `token_already_used`, …: nothing was sent
   */
  async forwardRequest(
    order: schemas.ForwardRequest,
    requestId: string | undefined,
  ): Promise<schemas.RequestForwarded> {
    const timeoutMs = order.timeout_ms + forwardSlackMs;
    const answer = await this.#post('/internal/forward-request', order, timeoutMs, requestId);
    return checked(checks.requestForwarded, answer);
  }

  /** Puts a destination on the vault's list. May be repeated. @throws `vault_unavailable`, … */
  async addDestination(
    told: schemas.AddForwardDestination,
    requestId: string | undefined,
  ): Promise<void> {
    const answer = await this.#ask('/internal/forward-destinations/add', told, requestId);
    checked(checks.destinationDone, answer);
  }

  /** Takes a destination off the vault's list. May be repeated. @throws `vault_unavailable` */
  async removeDestination(
    scope: Scope,
    destination: string,
    requestId: string | undefined,
  ): Promise<void> {
    const body = { ...scope, destination };
    const answer = await this.#ask('/internal/forward-destinations/remove', body, requestId);
    checked(checks.destinationDone, answer);
  }

  /** How the last question went, unless it was answered. */
  remark(): string | undefined {
    return this.#reachability.remark();
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** A question that may be asked twice: once more on a connection that had died meanwhile. */
  async #ask(path: string, body: Body, requestId?: string): Promise<unknown> {
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
    body: Body,
    timeoutMs: number,
    requestId: string | undefined,
  ): Promise<unknown> {
    // Also of what breaks off, or is no JSON.
    let outcome: VaultOutcome = 'silent';
    try {
      const { status, text } = await this.#signed(path, body, timeoutMs, requestId);
      const parsed = parse(text);
      if (status === 200) {
        outcome = 'answered';
        return parsed;
      }
      const told = toError(parsed, status);
      outcome = told.outcome;
      throw told.error;
    } catch (error) {
      // The vault does not even say who it is.
      if (error instanceof ApiError && outcome === 'silent') outcome = 'unavailable';
      throw error;
    } finally {
      this.#reachability.note(outcome);
    }
  }

  /** Once more when the vault was started anew since: it has another name, and did nothing. */
  async #signed(
    path: string,
    body: Body,
    timeoutMs: number,
    requestId: string | undefined,
  ): Promise<Answer> {
    const about = aboutWhom(ownedIn(body));
    const text = JSON.stringify(body);
    const ask = (audience: string) => {
      const context = { audience, operation: `POST ${path}`, about, body: text };
      const headers = { [contextHeader]: this.#options.sign(context) };
      return exchange(this.#pool, {
        method: 'POST',
        path,
        headers,
        body: text,
        requestId,
        timeoutMs,
      });
    };
    const audience = await this.#audience.current().catch(notSent);
    const answer = await ask(audience);
    if (answer.status !== 403 || !(await this.#audience.hasChanged(audience).catch(notSent))) {
      return answer;
    }
    return ask(await this.#audience.current().catch(notSent));
  }
}

type Body = Parameters<typeof ownedIn>[0];

/** Whatever became of the question who it is: what was to be asked did not leave. */
function notSent(error: unknown): never {
  if (error instanceof ApiError) throw error;
  throw new VaultSilent(false, error);
}

/** A certificate of the internal CA is not enough: it must be the vault's, and for this host. */
function isVault(host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subject.CN !== 'payos-vault') return new Error('the peer is not the vault');
  return checkServerIdentity(host, certificate);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new VaultSilent(true, error);
  }
}

const passedOn = [
  'not_found',
  'token_already_used',
  'token_expired',
  'cvc_token_expired',
  'card_expired',
  'invalid_card',
  'destination_not_allowed',
  'own_request',
  'live_mode_unavailable',
] as const;

function toError(body: unknown, status: number): { outcome: VaultOutcome; error: Error } {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  const known = passedOn.find((name) => name === code);
  if (known !== undefined) return { outcome: 'answered', error: new ApiError(known) };
  if (status === 503) return { outcome: 'unavailable', error: new ApiError('vault_unavailable') };
  const refused = new Error(`the vault refused: ${status} ${String(code)}`);
  // A 4xx was said before anything left the vault.
  if (status < 500) return { outcome: 'refused', error: new VaultSilent(false, refused) };
  return { outcome: 'failed', error: refused };
}

function checked<T>(check: { Check(value: unknown): value is T }, value: unknown): T {
  if (!check.Check(value)) throw new Error('the vault answered in an unknown form');
  return value;
}
