import { timingSafeEqual } from 'node:crypto';
import type { schemas } from 'payos-contract';
import type { Card } from '../cards/card.ts';
import { parseCard } from '../cards/parse-card.ts';
import { type Db, sqlState } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import { newTokenId } from '../core/random.ts';
import type { CvcMemory } from '../cvc-memory.ts';
import { fingerprintOf, requestMacOf } from '../seal/fingerprint.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';
import { sealRecord } from '../seal/record.ts';
import type { Origin } from './owner-values.ts';
import type { CreateToken, Token } from './schemas.ts';
import type { WriteToken } from './write-token.ts';

export type CreateTokenDeps = {
  db: Db;
  writeToken: WriteToken;
  keks: KekStore;
  cvcs: CvcMemory;
  clock: () => number;
};

/** Who asked, and with what: decides about what is shown. */
export type Asker = Origin & { kind: 'secret' | 'publishable' | 'checkout_session' };

const lifetimeMs = 3_600_000;
/** SQLSTATE of the vault's own: what is stored must be sealed under the active key. */
const formerKey = 'PK001';

const selectReplay = {
  name: 'token-replay',
  text: `
    SELECT i.request_mac, t.id, t.brand, t.last4, t.bin, t.exp_month, t.exp_year, t.created_at,
           (t.used_at IS NULL AND t.shredded_at IS NULL AND t.expires_at > now()) AS fresh
    FROM idempotency_keys i JOIN tokens t ON t.id = i.token_id
    WHERE i.organization_id = $1 AND i.mode = $2 AND i.key = $3
      AND i.created_at >= now() - interval '24 hours'`,
};

type Replay = {
  request_mac: Buffer | null;
  id: string;
  brand: string;
  last4: string;
  bin: string;
  exp_month: number;
  exp_year: number;
  created_at: Date;
  fresh: boolean;
};

/**
 * Turns card details into a single-use token that lives for an hour. Throws {@link Refusal}:
 * `invalid_card`, `card_expired`, `test_card_required`, `idempotency_mismatch`.
 */
export async function createToken(
  deps: CreateTokenDeps,
  owner: Owner,
  asker: Asker,
  input: CreateToken,
  idempotencyKey: string | undefined,
): Promise<{ token: Token; replayed: boolean }> {
  const card = parseCard(input.card, owner.mode, deps.clock());
  try {
    const mac =
      idempotencyKey === undefined
        ? null
        : requestMacOf(await deps.keks.current(owner, 'idempotency'), owner, card);
    const id = newTokenId();
    const idempotency =
      idempotencyKey === undefined || mac === null ? undefined : { key: idempotencyKey, mac };
    const { actor, requestId } = asker;
    const face = { ...owner, ...card.face(), actor, requestId };
    const write = async () =>
      deps.writeToken({ id, ...face, ...(await seal(deps, owner, card, id)), idempotency });
    const createdAt = await write().catch((error: unknown) => {
      if (sqlState(error) !== formerKey) throw error;
      // Another process rotated the key; now we know.
      deps.keks.forgetCurrent(owner, 'card');
      return write();
    });
    if (createdAt !== undefined) {
      if (input.card.cvc !== undefined) deps.cvcs.put(owner, id, input.card.cvc);
      return { token: show(owner, asker, id, card.face(), createdAt), replayed: false };
    }
    if (idempotencyKey === undefined || mac === null) throw new Error('token was not inserted');
    return await replay(deps, owner, asker, idempotencyKey, mac, input.card.cvc);
  } finally {
    card.wipe();
  }
}

async function seal({ keks }: CreateTokenDeps, owner: Owner, card: Card, id: string) {
  const fingerprint = fingerprintOf(await keks.current(owner, 'fingerprint'), owner, card);
  const plain = card.toBytes();
  const place = { ...owner, token: id, recordType: 'card' as const };
  const sealed = sealRecord(await keks.current(owner, 'card'), place, plain);
  plain.fill(0);
  return { fingerprint, sealed };
}

/** The answer to a repeated request: the first one's token as it was then. */
async function replay(
  { db, cvcs }: CreateTokenDeps,
  owner: Owner,
  asker: Asker,
  key: string,
  mac: Buffer,
  cvc: string | undefined,
): Promise<{ token: Token; replayed: boolean }> {
  const [row] = await db.run<Replay>(selectReplay, [owner.organization, owner.mode, key]);
  // The key ran out between the two statements.
  if (row === undefined) throw new Refusal('idempotency_conflict');
  if (row.request_mac === null || !timingSafeEqual(row.request_mac, mac)) {
    throw new Refusal('idempotency_mismatch');
  }
  // The first answer may have been lost in a crash that took the code with it.
  if (cvc !== undefined && row.fresh && cvcs.read(owner, row.id) === undefined) {
    cvcs.put(owner, row.id, cvc);
  }
  return { token: show(owner, asker, row.id, row, row.created_at), replayed: true };
}

/** A publishable key is in everybody's hands: it is shown what its holder can read on the card. */
function show(
  owner: Owner,
  { kind }: Asker,
  id: string,
  card: schemas.CardDisplay,
  createdAt: Date,
): Token {
  return {
    id,
    object: 'token',
    mode: owner.mode,
    card: {
      brand: card.brand,
      last4: card.last4,
      ...(kind === 'secret' ? { bin: card.bin } : {}),
      exp_month: card.exp_month,
      exp_year: card.exp_year,
    },
    single_use: true,
    created_at: createdAt.toISOString(),
    expires_at: new Date(createdAt.getTime() + lifetimeMs).toISOString(),
  };
}
