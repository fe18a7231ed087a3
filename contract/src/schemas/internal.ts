import Type from 'typebox';
import { idPattern } from '../ids.ts';
import { GateScopes, RevealLimits } from './card-gate.ts';
import { CardDisplay, closed, Id, Mode, Nullable, Time } from './common.ts';
import { RevealPublicKey } from './reveals.ts';

/**
 * The channel between vault and server: HTTPS with a client certificate on both sides (mTLS, the
 * internal CA), JSON. Neither direction carries a card number.
 */

/** A process that remembers keys: one of it, until it ends. */
const VaultNode = Type.String({ pattern: '^vault-[0-9a-f]{16}$' });

/** What a key can be for at the vault. */
export const atVault = ['tokens:create', 'cards:create_raw', 'cards:reveal'] as const;

/** Vault → server, `POST /internal/check-key`: what may this key do at the vault? */
export const CheckKey = Type.Object(
  {
    key: Type.String({ maxLength: 100 }),
    /** Who shows the key, for the record of its uses. */
    address: Type.String({ maxLength: 45 }),
    user_agent: Type.String({ maxLength: 120 }),
  },
  closed,
);
export type CheckKey = Type.Static<typeof CheckKey>;
/** A key that works. From where, the vault looks after itself. */
export const CheckedKey = Type.Object({
  organization: Id('organization'),
  mode: Mode,
  /** Of the key, or of the checkout session. */
  key: Type.String({ pattern: `${idPattern('apiKey')}|${idPattern('checkoutSession')}` }),
  kind: Type.Enum(['secret', 'publishable', 'checkout_session']),
  permissions: Type.Array(Type.Enum([...atVault])),
  rate_limit: Type.Integer(),
  /** What the card gate of its organization and mode lets through, of what the key may do. */
  gate: GateScopes,
  /** Of reveals: how many, and to whom cards may be sealed; null: none. */
  reveal: Nullable(
    Type.Object({
      limits: RevealLimits,
      recipients: Type.Array(Type.Object({ id: Id('revealKey'), public_key: RevealPublicKey }), {
        maxItems: 10,
      }),
    }),
  ),
  /** Whether it works from few enough addresses to be trusted with card numbers. */
  bound: Type.Boolean(),
  /** CIDR; empty: every address. */
  ip_ranges: Type.Array(Type.String()),
  /** Of what lies in the open; empty: every page. */
  allowed_origins: Type.Array(Type.String()),
  /** Milliseconds until time alone changes what is said here; null: it does not. */
  ends_in_ms: Nullable(Type.Number()),
  /** Who says so. What another process says of changes tells nothing about this answer. */
  server: Type.String(),
});
export type CheckedKey = Type.Static<typeof CheckedKey>;

/** Vault → server, `POST /internal/exposed-keys`: a secret key was sent where others read it. */
export const ReportExposedKey = Type.Object(
  {
    key: Type.String({ maxLength: 100 }),
    how: Type.Enum(['plain_http', 'url', 'browser']),
    address: Type.String({ maxLength: 45 }),
  },
  closed,
);
export type ReportExposedKey = Type.Static<typeof ReportExposedKey>;
/** Says nothing about whether it is anybody's key. */
export const ExposedKeyReported = Type.Object({ accepted: Type.Literal(true) });

/** Most uses that are reported together. */
export const reportedUsesMax = 200;

/**
 * Vault → server, `POST /internal/key-changes`: which keys changed since? Held for a moment while
 * none did. The cursor says what the vault has forgotten by now, and so acknowledges it.
 */
export const AskKeyChanges = Type.Object(
  {
    node: VaultNode,
    /** Of the last answer; null: the vault remembers nothing. */
    cursor: Nullable(Type.String({ maxLength: 100 })),
    /** What keys were used for since the last report. */
    uses: Type.Array(
      Type.Object(
        {
          organization: Id('organization'),
          key: Id('apiKey'),
          /** What it was used for. */
          permission: Type.Enum([...atVault]),
          address: Type.String({ maxLength: 45 }),
          user_agent: Type.String({ maxLength: 120 }),
          requests: Type.Integer({ minimum: 1 }),
          /** Since the last of them, in milliseconds. */
          ago_ms: Type.Number({ minimum: 0 }),
        },
        closed,
      ),
      { maxItems: reportedUsesMax },
    ),
    /** The vault ends, and nobody has to wait for it any more. */
    leaving: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type AskKeyChanges = Type.Static<typeof AskKeyChanges>;
export const KeyChanges = Type.Object({
  server: Type.String(),
  cursor: Type.String(),
  /** Changes may have been missed: everything has to be forgotten. */
  reset: Type.Boolean(),
  changes: Type.Array(
    Type.Object({
      organization: Id('organization'),
      mode: Mode,
      /** Null: all of organization and mode. */
      key: Nullable(Id('apiKey')),
    }),
  ),
  /** How long the question was held before this answer was written, in milliseconds. */
  held_ms: Type.Number(),
  /** How old what the answer says was then; null: it is nothing to rely on. */
  age_ms: Nullable(Type.Number()),
});
export type KeyChanges = Type.Static<typeof KeyChanges>;

/**
 * Server → vault, with every request: the claims of the header `payos-context`. The vault acts on
 * nothing that is not claimed, and takes each claim once.
 */
export const VaultClaims = Type.Object(
  {
    /** Which key signed: the first half of the SHA-256 of its SPKI, hex. */
    kid: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    /** The vault process that is meant, by the name that it gave itself when it started. */
    aud: VaultNode,
    /** Who asks: the name in its certificate. */
    actor: Type.Enum(['payos-server', 'payos-worker']),
    /** Method and path. */
    operation: Type.String({ maxLength: 100 }),
    /** `organization/mode` of each whose cards it is about. */
    owners: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 64 }),
    /** Where it is about one. */
    token: Type.Optional(Id('token')),
    /** SHA-256 of the body, base64url. */
    digest: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    /** Seconds since 1970; `exp` is at most 30 later. */
    iat: Type.Integer({ minimum: 0 }),
    exp: Type.Integer({ minimum: 0 }),
    /** 16 random bytes, base64url. */
    jti: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
  },
  closed,
);
export type VaultClaims = Type.Static<typeof VaultClaims>;

/** Server → vault, `GET /internal/context`: for whom claims have to be made. Needs none itself. */
export const VaultAudience = Type.Object({ audience: VaultNode });

/** Whose token: goes with every server → vault request. A token of another is not found. */
const owner = { organization: Id('organization'), mode: Mode };

const OwnedToken = Type.Object({ ...owner, token: Id('token') }, closed);

/** The checkout session that is paid; left out: none is. */
const PaidSession = Type.Optional(Id('checkoutSession'));

/** Most tokens that are described together. */
export const describedMax = 64;

/**
 * Server → vault, `POST /internal/tokens/describe`: what may be shown of tokens, of one owner or of
 * several. Answered in their order, with null for what is not found.
 */
export const DescribeTokens = Type.Object(
  { tokens: Type.Array(OwnedToken, { minItems: 1, maxItems: describedMax }) },
  closed,
);
export type DescribeTokens = Type.Static<typeof DescribeTokens>;
export const TokenDescription = Type.Object({
  token: Id('token'),
  card: CardDisplay,
  single_use: Type.Boolean(),
  /** Stands for a saved card, and is paid with as that. */
  saved: Type.Boolean(),
  /** Single-use and already sent to a processor. */
  used: Type.Boolean(),
  expired: Type.Boolean(),
  /** What its maker showed; null if it is from before that was written down, or a renewed card. */
  made_with: Nullable(Type.Enum(['secret', 'publishable', 'checkout_session'])),
  /** On whose page it was made. It pays that session and nothing else, until its card is saved. */
  checkout_session: Nullable(Id('checkoutSession')),
  /** Equal for equal cards of one organization and mode; null once the card is gone. */
  fingerprint: Nullable(Id('fingerprint')),
  created_at: Time,
  expires_at: Nullable(Time),
});
export type TokenDescription = Type.Static<typeof TokenDescription>;
export const TokenDescriptions = Type.Object({ tokens: Type.Array(Nullable(TokenDescription)) });

/**
 * Server → vault, `POST /internal/tokens/keep`: a customer wants the card remembered. Answers its
 * description.
 */
export const KeepToken = OwnedToken;
/** Server → vault, `POST /internal/tokens/delete`: shred card, data key and fingerprint. */
export const DeleteToken = OwnedToken;
/**
 * Server → vault, `POST /internal/cvc/check`: is the security code there, and free? Refused with
 * `cvc_token_expired`, whether it is another's or another session's, was used, or never was.
 */
export const CheckCvcToken = Type.Object(
  { ...owner, cvc_token: Id('cvcToken'), checkout_session: PaidSession },
  closed,
);
export const CvcTokenChecked = Type.Object({ cvc_token: Id('cvcToken') });

/**
 * Server → vault, `POST /internal/tokens/renew`: seal a saved card anew, under a token that the
 * server names. Answers its description; it waits a day for `keep`.
 */
export const RenewToken = Type.Object(
  {
    ...owner,
    token: Id('token'),
    new_token: Id('token'),
    exp_month: Type.Integer(),
    exp_year: Type.Integer(),
    /** Left out: the name that it has. */
    name: Type.Optional(Type.String()),
  },
  closed,
);
export type RenewToken = Type.Static<typeof RenewToken>;
export const TokenDone = Type.Object({ token: Id('token'), done: Type.Boolean() });

/**
 * Server → vault, `POST /internal/forward`: send this request to a processor with the card filled
 * in. A placeholder is a whole JSON string value `{{card.number}}`, `{{card.exp_month}}`,
 * `{{card.exp_year}}`, `{{card.code}}` or `{{card.name}}`; a member whose value is not known
 * (code, name) is left out. Substitution happens in parsed JSON, never in text.
 */
export const Forward = Type.Object(
  {
    ...owner,
    token: Id('token'),
    /** Each attempt is forwarded at most once, however often it is asked for. */
    attempt: Id('attempt'),
    /** Keep the card past this use (save_for): it then waits 24 h for `keep`. */
    retain: Type.Boolean(),
    /** Where the security code is, if it was not collected with the card. */
    cvc_token: Type.Optional(Id('cvcToken')),
    /** Of a token that was made on a page, this must be the session. */
    checkout_session: PaidSession,
    /** The token stands for a saved card. Any other token is refused then, and the reverse. */
    saved: Type.Boolean(),
    timeout_ms: Type.Integer({ minimum: 100, maximum: 120_000 }),
    /**
     * Epoch milliseconds. Past this the vault sends nothing any more: by then the attempt may have
     * been given up, and a charge would come as a surprise.
     */
    not_after_ms: Type.Integer({ minimum: 0 }),
    request: Type.Object(
      {
        method: Type.Literal('POST'),
        url: Type.String({ maxLength: 500 }),
        headers: Type.Record(Type.String(), Type.String({ maxLength: 1000 })),
        body: Type.Record(Type.String(), Type.Unknown()),
      },
      closed,
    ),
  },
  closed,
);
export type Forward = Type.Static<typeof Forward>;

/**
 * What became of a forwarded request.
 * - `answered`: the processor said something; `status` and `body` are its own.
 * - `not_sent`: nothing left for the processor; safe to try again elsewhere.
 * - `unknown`: it may have arrived; only a status query can tell.
 */
export const Forwarded = Type.Object({
  outcome: Type.Enum(['answered', 'not_sent', 'unknown']),
  status: Nullable(Type.Integer()),
  body: Type.Unknown(),
  detail: Nullable(Type.String()),
});
export type Forwarded = Type.Static<typeof Forwarded>;
