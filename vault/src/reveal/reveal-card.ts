import { type ErrorCode, errorTable, schemas } from 'payos-contract';
import { Check } from 'typebox/value';
import type { KnownKey } from '../api/key-memory.ts';
import type { KeyServer } from '../api/key-server.ts';
import type { Card } from '../cards/card.ts';
import type { Db } from '../core/db.ts';
import { describeError, type Log } from '../core/log.ts';
import { Refusal } from '../core/problem.ts';
import { newRevealId } from '../core/random.ts';
import type { KekStore } from '../seal/kek-store.ts';
import { tryOpenCard } from '../seal/open-card.ts';
import { claimReveal } from './claim-reveal.ts';
import { type Recipient, sealTo, thumbprintOf } from './seal-to.ts';

export type RevealDeps = {
  db: Db;
  keks: KekStore;
  log: Log;
  server: KeyServer;
  /** Thumbprints of keys that the operator trusts: in live mode cards are sealed to no others. */
  revealKeys: ReadonlySet<string>;
};

const timeoutMs = 3_000;

/**
 * Reads a saved card and seals it to a registered public key. It is handed out only once the server
 * has it on record, and has found gate, key and recipient good at that moment. Nothing of it is
 * kept. Throws {@link Refusal}: `not_found`, `reveal_limit_exceeded`, `reveal_key_unusable`,
 * `card_gate_closed`, `permission_denied`, `card_data_refused`, `unavailable`.
 *
 * @param key found good a moment ago, with the gate open for reveals
 * @param from who asks: address and request
 */
export async function revealCard(
  deps: RevealDeps,
  key: KnownKey,
  input: schemas.CreateReveal,
  from: { address: string; requestId: string },
): Promise<schemas.SealedCard> {
  const { organization, mode } = key;
  const owner = { organization, mode };
  const { limits, recipients } = key.reveal ?? refuse('card_gate_closed');
  const recipient = await findRecipient(deps, key, recipients, input.recipient);
  const token = input.token ?? (await tokenOf(deps, owner, input.payment_method));
  const id = newRevealId();
  const origin = { actor: key.key, requestId: from.requestId };
  const order = { id, why: input.reason.code };
  const sealed = await claimReveal(deps.db, { ...owner, token }, origin, limits, order);
  const card: Card = (await tryOpenCard(deps, owner, token, sealed)) ?? refuse('unavailable');
  const about = { object: 'card', token, reveal: id, ...owner };
  const jwe = await sealTo(recipient, card, about).finally(() => card.wipe());
  const record: schemas.RecordReveal = {
    id,
    ...owner,
    token,
    payment_method: input.payment_method ?? null,
    key: key.key,
    recipient: recipient.id,
    reason: input.reason,
    address: from.address,
  };
  await ask(deps, '/internal/record-reveal', record);
  return { id, object: 'sealed_card', mode, token, recipient: recipient.id, jwe };
}

/**
 * The server says which keys people have registered; in live mode the operator of the vault has
 * the last word, so that a server in wrong hands cannot have cards sealed to a key of its own.
 */
async function findRecipient(
  { revealKeys }: RevealDeps,
  { mode }: KnownKey,
  recipients: readonly Recipient[],
  id: string,
): Promise<Recipient> {
  const recipient = recipients.find((one) => one.id === id) ?? refuse('reveal_key_unusable');
  if (mode === 'test' || revealKeys.has(await thumbprintOf(recipient))) return recipient;
  const detail = 'The operator of the vault has not named its thumbprint: PAYOS_VAULT_REVEAL_KEYS.';
  throw new Refusal('reveal_key_unusable', { detail });
}

async function tokenOf(
  deps: RevealDeps,
  owner: Pick<schemas.FindCard, 'organization' | 'mode'>,
  payment_method: string | undefined,
): Promise<string> {
  if (payment_method === undefined) throw new Refusal('invalid_request');
  const found = await ask(deps, '/internal/find-card', { ...owner, payment_method });
  return Check(schemas.FoundCard, found) ? found.token : refuse('unavailable');
}

/** What the server answers; what it refuses is refused by its code, and no answer is a refusal. */
async function ask({ server, log }: RevealDeps, path: string, body: object): Promise<unknown> {
  try {
    const reply = await server.ask(path, body, timeoutMs);
    if (reply.status === 200) return reply.body;
    const code = codeOf(reply.body);
    if (code !== undefined && errorTable[code].status === reply.status) {
      throw new Refusal(code, isOfReason(reply.body) ? { param: 'reason.text' } : {});
    }
    log('error', 'reveal_not_recorded', { status: reply.status });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    log('error', 'reveal_not_recorded', { error: describeError(error) });
  }
  throw new Refusal('unavailable');
}

const passedOn: readonly ErrorCode[] = [
  'not_found',
  'card_gate_closed',
  'permission_denied',
  'reveal_key_unusable',
  'card_data_refused',
];

function codeOf(body: unknown): ErrorCode | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  return passedOn.find((code) => code === body.code);
}

/** What people wrote is the one thing that the server may refuse by its place. */
function isOfReason(body: unknown): boolean {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && 'param' in body && body.param === 'reason.text';
}

function refuse(code: ErrorCode): never {
  throw new Refusal(code);
}
