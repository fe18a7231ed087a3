import { type Mode, parseCheckoutSecret, schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import { globalRoute, type Route } from '../core/http/route.ts';
import type { ExposedKeys } from './exposed/watch-exposed.ts';
import type { VaultChannel } from './propagation/vault-channel.ts';
import { bindsToNothing } from './rules/check-policy.ts';
import type { KeyUses } from './uses.ts';
import type { KeyVerifier } from './verify-key.ts';

/** A checkout session in which cards may be collected. */
type CheckedSecret = {
  organization: string;
  mode: Mode;
  session: string;
  origins: readonly string[];
};

/** What passes the card gate at this moment, and for how long that is sure. */
export type Passage = {
  scopes: schemas.GateScopes;
  reveal: schemas.CheckedKey['reveal'];
  /** Milliseconds until time alone changes it; null: never. */
  changesInMs: number | null;
};

export type VaultDependencies = {
  verifier: KeyVerifier;
  vaultChannel: VaultChannel;
  uses: KeyUses;
  exposed: ExposedKeys;
  /** What the secret of a checkout session opens. */
  checkSecret: (secret: string) => Promise<CheckedSecret>;
  /** Requests per second of a key that has no limit of its own. */
  keyRate: number;
  /** The card gate of an organization and mode. */
  passageOf: (scope: Scope) => Promise<Passage>;
};

/** What the vault asks about keys: it has none itself. */
export function vaultRoutes(deps: VaultDependencies): Route[] {
  const common = { method: 'POST', permission: 'system', tag: 'Internal' } as const;
  return [
    globalRoute('internal', {
      ...common,
      path: '/internal/check-key',
      summary: 'What a key presented to the vault may do there',
      body: schemas.CheckKey,
      response: { status: 200, schema: schemas.CheckedKey },
      handle: (_ctx, { body }) => checkKey(deps, body),
    }),
    globalRoute('internal', {
      ...common,
      path: '/internal/key-changes',
      summary: 'Which keys changed since the vault asked last',
      body: schemas.AskKeyChanges,
      response: { status: 200, schema: schemas.KeyChanges },
      handle: async (_ctx, { body }) => {
        deps.uses.noteReported(body.uses);
        return deps.vaultChannel.ask(body);
      },
    }),
    globalRoute('internal', {
      ...common,
      path: '/internal/exposed-keys',
      summary: 'A secret key was sent to the vault where others can read it',
      body: schemas.ReportExposedKey,
      response: { status: 200, schema: schemas.ExposedKeyReported },
      handle: async (_ctx, { body }) => {
        deps.exposed.tell(body);
        return { accepted: true };
      },
    }),
  ];
}

/** Where nobody asks what passes. */
const nothing: Passage = {
  scopes: { raw_cards: false, reveal: false },
  reveal: null,
  changesInMs: null,
};

/** Tokens per second that one checkout page may create. */
const sessionRate = 2;

async function checkSession(
  { checkSecret, vaultChannel }: VaultDependencies,
  secret: string,
): Promise<schemas.CheckedKey> {
  const { organization, mode, session, origins } = await checkSecret(secret);
  return {
    organization,
    mode,
    key: session,
    kind: 'checkout_session',
    permissions: ['tokens:create'],
    rate_limit: sessionRate,
    gate: nothing.scopes,
    reveal: null,
    bound: false,
    ip_ranges: [],
    allowed_origins: [...origins],
    ends_in_ms: null,
    server: vaultChannel.server,
  };
}

async function checkKey(deps: VaultDependencies, body: schemas.CheckKey) {
  if (parseCheckoutSecret(body.key) !== undefined) return checkSession(deps, body.key);
  return checkApiKey(deps, body);
}

async function checkApiKey(
  { verifier, vaultChannel, uses, keyRate, passageOf }: VaultDependencies,
  body: schemas.CheckKey,
): Promise<schemas.CheckedKey> {
  const key = await verifier.find(body.key);
  const { id, organization, mode, kind } = key;
  try {
    verifier.requireUsable(key);
  } catch (error) {
    // Who still uses a key that is at its end wants to be known; other uses the vault reports.
    uses.note({ organization, key: id, address: body.address, userAgent: body.user_agent });
    throw error;
  }
  const permissions = schemas.atVault.filter((name) => key.permissions.has(name));
  const touchesCards = kind === 'secret' && permissions.some((name) => name.startsWith('cards:'));
  const passage = touchesCards ? await passageOf({ organization, mode }) : nothing;
  return {
    organization,
    mode,
    key: id,
    kind: kind === 'publishable' ? 'publishable' : 'secret',
    permissions,
    rate_limit: key.rateLimit ?? keyRate,
    gate: passage.scopes,
    reveal: permissions.includes('cards:reveal') ? passage.reveal : null,
    bound: !bindsToNothing(key.ipRanges),
    ip_ranges: [...key.ipRanges],
    allowed_origins: [...key.allowedOrigins],
    ends_in_ms: sooner(verifier.leftMs(key), passage.changesInMs),
    server: vaultChannel.server,
  };
}

function sooner(left: number | undefined, changes: number | null): number | null {
  const soonest = Math.min(left ?? Number.POSITIVE_INFINITY, changes ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(soonest) ? soonest : null;
}
