import type { schemas } from 'payos-contract';
import type { BinTable } from '../cards/bins.ts';
import type { Card } from '../cards/card.ts';
import { displayOf } from '../cards/display.ts';
import { parseCard } from '../cards/parse-card.ts';
import type { Db } from '../core/db.ts';
import { Refusal } from '../core/problem.ts';
import { newTokenId } from '../core/random.ts';
import type { CvcMemory } from '../cvc-memory.ts';
import { isRequestOf, numberMacsOf, requestMacOf } from '../seal/fingerprint.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';
import { sealRecord } from '../seal/record.ts';
import type { Origin } from './owner-values.ts';
import type { CreateToken, Token } from './schemas.ts';
import { lifeOf, type TokenLife } from './token-life.ts';
import { underActiveKey } from './under-active-key.ts';
import type { TokenMaker, WriteToken } from './write-token.ts';

export type CreateTokenDeps = {
  db: Db;
  writeToken: WriteToken;
  keks: KekStore;
  cvcs: CvcMemory;
  bins: BinTable;
  clock: () => number;
};

/** Who asked, and with what: decides about what is shown. */
type Asker = Origin & TokenMaker;

const selectReplay = {
  name: 'token-replay',
  text: `
    SELECT i.request_mac, t.id, t.brand, t.last4, t.bin, t.exp_month, t.exp_year, t.funding,
           t.country, t.created_at,
           (t.used_at IS NULL AND t.shredded_at IS NULL AND t.expires_at > now()) AS fresh
    FROM idempotency_keys i JOIN tokens t ON t.id = i.token_id
    WHERE i.organization_id = $1 AND i.mode = $2 AND i.key = $3
      AND i.created_at >= now() - interval '24 hours'`,
};

type Replay = schemas.CardDisplay & {
  request_mac: Buffer | null;
  id: string;
  created_at: Date;
  fresh: boolean;
};

/**
 * Turns card details into a token: for one payment and an hour, unless asked otherwise. Throws
 * {@link Refusal}: `invalid_card`, `card_expired`, `test_card_required`, `idempotency_mismatch`,
 * and what {@link lifeOf} refuses.
 */
export async function createToken(
  deps: CreateTokenDeps,
  owner: Owner,
  asker: Asker,
  input: CreateToken,
  idempotencyKey: string | undefined,
): Promise<{ token: Token; replayed: boolean }> {
  const life = lifeOf(input, asker.kind);
  const card = parseCard(input.card, owner.mode, deps.clock());
  const key = idempotencyKey === undefined ? undefined : storedKey(asker, idempotencyKey);
  try {
    const mac =
      key === undefined
        ? null
        : requestMacOf(await deps.keks.current(owner, 'idempotency'), owner, { card, life });
    const id = newTokenId();
    const idempotency = key === undefined || mac === null ? undefined : { key, mac };
    const { actor, requestId, kind, session } = asker;
    const shown = displayOf(card, deps.bins);
    const face = { ...owner, ...shown, life, actor, requestId, madeWith: { kind, session } };
    const createdAt = await underActiveKey(deps.keks, owner, async () =>
      deps.writeToken({ id, ...face, ...(await seal(deps, owner, card, id)), idempotency }),
    );
    if (createdAt !== undefined) {
      if (input.card.cvc !== undefined)
        deps.cvcs.put(owner, id, input.card.cvc, session, life.seconds * 1000);
      return { token: show(owner, asker, { id, shown, life, createdAt }), replayed: false };
    }
    if (key === undefined) throw new Error('token was not inserted');
    const again = { key, card, life, code: input.card.cvc };
    return await replay(deps, owner, asker, again);
  } finally {
    card.wipe();
  }
}

/**
 * An Idempotency-Key as it is stored. Whoever reads the key of a page could take the ones that a
 * shop's server will use, such as `order-1001`: so publishable keys have a space of their own, and
 * so has each checkout session. No caller can send the blank after the prefix.
 */
function storedKey({ kind, actor }: Asker, key: string): string {
  if (kind === 'secret') return key;
  return kind === 'publishable' ? `publishable ${key}` : `${actor} ${key}`;
}

async function seal({ keks }: CreateTokenDeps, owner: Owner, card: Card, id: string) {
  const numberMacs = await numberMacsOf(keks, owner, card);
  const plain = card.toBytes();
  const place = { ...owner, token: id, recordType: 'card' as const };
  const sealed = sealRecord(await keks.current(owner, 'card'), place, plain);
  plain.fill(0);
  return { numberMacs, sealed };
}

type Again = { key: string; card: Card; life: TokenLife; code: string | undefined };

/** The answer to a repeated request: the first one's token as it was then. */
async function replay(
  deps: CreateTokenDeps,
  owner: Owner,
  asker: Asker,
  { key, card, life, code }: Again,
): Promise<{ token: Token; replayed: boolean }> {
  const find = async () => {
    const [row] = await deps.db.run<Replay>(selectReplay, [owner.organization, owner.mode, key]);
    return row;
  };
  const row = await find();
  // The key ran out between the two statements.
  if (row === undefined) throw new Refusal('idempotency_conflict');
  const { request_mac: stored, id, created_at: createdAt } = row;
  if (stored === null || !(await isRequestOf(stored, owner, { card, life }, deps.keks))) {
    throw new Refusal('idempotency_mismatch');
  }
  // The first answer may have been lost in a crash that took the code with it.
  if (code !== undefined && row.fresh && deps.cvcs.read(owner, id) === undefined) {
    const restMs = createdAt.getTime() + life.seconds * 1000 - deps.clock();
    deps.cvcs.put(owner, id, code, asker.session, restMs);
    // Paid with meanwhile: its authorization has burnt the code, which must not come back.
    if ((await find())?.fresh !== true) deps.cvcs.burn(owner, id);
  }
  return { token: show(owner, asker, { id, shown: row, life, createdAt }), replayed: true };
}

type Made = { id: string; shown: schemas.CardDisplay; life: TokenLife; createdAt: Date };

/** A publishable key is in everybody's hands: it is shown what its holder can read on the card. */
function show(owner: Owner, { kind }: Asker, { id, shown, life, createdAt }: Made): Token {
  const { brand, last4, exp_month, exp_year, bin, funding, country } = shown;
  return {
    id,
    object: 'token',
    mode: owner.mode,
    card: {
      ...{ brand, last4, exp_month, exp_year },
      ...(kind === 'secret' ? { bin, funding, country } : {}),
    },
    single_use: life.singleUse,
    created_at: createdAt.toISOString(),
    expires_at: new Date(createdAt.getTime() + life.seconds * 1000).toISOString(),
  };
}
