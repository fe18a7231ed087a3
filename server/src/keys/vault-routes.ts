import { type Mode, parseCheckoutSecret, schemas } from 'payos-contract';
import { requirePermission } from '../core/context.ts';
import { globalRoute, type Route } from '../core/http/route.ts';
import type { ExposedKeys } from './exposed/watch-exposed.ts';
import type { VaultChannel } from './propagation/vault-channel.ts';
import type { KeyUses } from './uses.ts';
import type { KeyVerifier } from './verify-key.ts';

/** A checkout session in which cards may be collected. */
type CheckedSecret = {
  organization: string;
  mode: Mode;
  session: string;
  origins: readonly string[];
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
};

/** What the vault asks about keys: it has none itself. */
export function vaultRoutes(deps: VaultDependencies): Route[] {
  const common = { method: 'POST', permission: 'system', tag: 'Internal' } as const;
  return [
    globalRoute('internal', {
      ...common,
      path: '/internal/check-key',
      summary: 'Whether a key presented to the vault may create tokens',
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
        deps.uses.noteReported(body.uses, 'tokens:create');
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
    rate_limit: sessionRate,
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
  { verifier, vaultChannel, uses, keyRate }: VaultDependencies,
  body: schemas.CheckKey,
): Promise<schemas.CheckedKey> {
  const key = await verifier.find(body.key);
  const { permissions, id, organization, mode, kind } = key;
  try {
    verifier.requireUsable(key);
  } catch (error) {
    // Who still uses a key that is at its end wants to be known; other uses the vault reports.
    uses.note({ organization, key: id, address: body.address, userAgent: body.user_agent });
    throw error;
  }
  requirePermission({ type: 'api_key', id, permissions }, body.permission);
  return {
    organization,
    mode,
    key: id,
    kind: kind === 'publishable' ? 'publishable' : 'secret',
    rate_limit: key.rateLimit ?? keyRate,
    ip_ranges: [...key.ipRanges],
    allowed_origins: [...key.allowedOrigins],
    ends_in_ms: verifier.leftMs(key) ?? null,
    server: vaultChannel.server,
  };
}
