import Type from 'typebox';
import { CardDisplay, closed, Id, Mode, Nullable } from './common.ts';

/**
 * The channel between vault and server: HTTPS with a client certificate on both sides (mTLS, the
 * internal CA), JSON. Neither direction carries a card number.
 */

/** Vault → server, `POST /internal/check-key`: may this key do that? */
export const CheckKey = Type.Object(
  { key: Type.String({ maxLength: 100 }), permission: Type.Literal('tokens:create') },
  closed,
);
export const CheckedKey = Type.Object({
  organization: Id('organization'),
  mode: Mode,
  key: Id('apiKey'),
  kind: Type.Enum(['secret', 'publishable']),
  rate_limit: Type.Integer(),
});
export type CheckedKey = Type.Static<typeof CheckedKey>;

/** Whose token: goes with every server → vault request. A token of another is not found. */
const owner = { organization: Id('organization'), mode: Mode };

const OwnedToken = Type.Object({ ...owner, token: Id('token') }, closed);

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
  /** Single-use and already sent to a processor. */
  used: Type.Boolean(),
  expired: Type.Boolean(),
  /** Equal for equal cards of one organization and mode; base64url of 16 bytes. */
  fingerprint: Type.String(),
});
export type TokenDescription = Type.Static<typeof TokenDescription>;
export const TokenDescriptions = Type.Object({ tokens: Type.Array(Nullable(TokenDescription)) });

/** Server → vault, `POST /internal/tokens/keep`: a customer wants the card remembered. */
export const KeepToken = OwnedToken;
/** Server → vault, `POST /internal/tokens/delete`: shred card, data key and fingerprint. */
export const DeleteToken = OwnedToken;
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
    /** The token stands for a saved card. A single-use token is refused then, and the reverse. */
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
