import type { schemas } from 'payos-contract';

/** A session as a request presented it, alive at this moment. Holds no secret. */
export type SignedIn = {
  readonly id: string;
  readonly account: string;
  /** `none` never occurs: then there is no session. */
  readonly state: Exclude<schemas.SessionState, 'none'>;
  /** What was given in this session. */
  readonly proofs: readonly schemas.Proof[];
  /** The factor that was given last: a recovery code is none. */
  readonly factor: 'passkey' | 'totp' | undefined;
  /** When that was, in Unix milliseconds. */
  readonly factorAt: number | undefined;
  /** The organization it works in; undefined for a person without one. */
  readonly organization: string | undefined;
  readonly member: string | undefined;
  /** SHA-256 of the token: a step replaces it only if it is still this one. */
  readonly tokenHash: Buffer;
  /** What its changes carry as PayOS-CSRF; opens nothing by itself. */
  readonly csrfToken: string;
};
