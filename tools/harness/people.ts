import type { Mode } from 'payos-contract';
import type pg from 'pg';
import { csrfToken, newToken } from '../../server/src/access/token.ts';
import { newId } from '../../server/src/core/random.ts';
import type { Answer, ApiClient, Call } from './api-client.ts';

type Roles = { test: string | null; live: string | null };

export type PersonOptions = {
  organization: string;
  roles: Roles;
  email?: string;
  /** Of somebody who is a person already. */
  account?: string;
  disabled?: true;
  /** How long ago the last factor was given, in seconds. */
  factorAge?: number;
  proofs?: readonly string[];
  state?: 'second_factor' | 'enrollment' | 'active';
  /** Which factors are enrolled. */
  factors?: readonly ('passkey' | 'totp')[];
};

/**
 * A person who is signed in. Made in the database: what somebody may do can be tested without the
 * half second that a sign-in takes.
 */
export class Person {
  readonly account: string;
  readonly member: string;
  readonly session: string;
  readonly email: string;
  readonly token: string;
  readonly #api: ApiClient;

  constructor(
    api: ApiClient,
    ids: Record<'account' | 'member' | 'session' | 'email', string>,
    token: string,
  ) {
    this.#api = api;
    this.account = ids.account;
    this.member = ids.member;
    this.session = ids.session;
    this.email = ids.email;
    this.token = token;
  }

  /** What the browser of this person sends. */
  headers(mode: Mode): Record<string, string> {
    return {
      cookie: `__Host-payos_session=${this.token}`,
      origin: this.#api.origin,
      'payos-csrf': csrfToken(this.token),
      'payos-mode': mode,
    };
  }

  /** As the dashboard would send it, in live mode unless said otherwise. */
  call(method: string, path: string, call: Call & { mode?: Mode } = {}): Promise<Answer> {
    const { mode = 'live', headers, ...rest } = call;
    return this.#api.call(method, path, {
      ...rest,
      headers: { ...this.headers(mode), ...headers },
    });
  }

  get(path: string, mode: Mode = 'live'): Promise<Answer> {
    return this.call('GET', path, { mode });
  }

  post(path: string, body: unknown = {}): Promise<Answer> {
    return this.call('POST', path, { body });
  }
}

/** Makes a person, a member, and a session in which the person is signed in. */
export async function signedIn(
  api: ApiClient,
  db: pg.Client,
  options: PersonOptions,
): Promise<Person> {
  const account = options.account ?? newId('account');
  const email = options.email ?? `${account.toLowerCase()}@people.example`;
  if (options.account === undefined) await insertPerson(db, account, email, options.factors);
  const member = newId('member');
  const { organization, roles } = options;
  await db.query(
    `INSERT INTO members (organization_id, id, account_id, role_test, role_live, status)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      organization,
      member,
      account,
      roles.test,
      roles.live,
      options.disabled ? 'disabled' : 'active',
    ],
  );
  const opened = await insertSession(db, account, options);
  return new Person(api, { account, member, session: opened.session, email }, opened.token);
}

async function insertPerson(
  db: pg.Client,
  account: string,
  email: string,
  factors: PersonOptions['factors'] = ['totp'],
): Promise<void> {
  await db.query(
    `INSERT INTO accounts (id, email, email_key, name, password_hash, enroll_until)
     VALUES ($1, $2, lower($2), 'Somebody', 'no password', now())`,
    [account, email],
  );
  if (factors.includes('totp')) {
    await db.query(
      `INSERT INTO totp_factors (account_id, secret_sealed, confirmed_at)
       VALUES ($1, 'sealed', now())`,
      [account],
    );
  }
  if (!factors.includes('passkey')) return;
  await db.query(
    `INSERT INTO passkeys (id, account_id, credential_id, public_key, counter, transports, synced,
       name) VALUES ($1, $2, $3, 'key', 0, '{}', false, 'Key')`,
    [newId('passkey'), account, Buffer.from(account)],
  );
}

/** Opens another session of a person. */
async function insertSession(
  db: pg.Client,
  account: string,
  options: Pick<PersonOptions, 'organization' | 'factorAge' | 'proofs' | 'state'>,
): Promise<{ session: string; token: string }> {
  const { organization, state = 'active' } = options;
  const signedIn = state === 'active';
  const { proofs = signedIn ? ['password', 'totp'] : ['password'] } = options;
  const factor = proofs.findLast((proof) => proof === 'passkey' || proof === 'totp') ?? null;
  const factorAge = factor === null ? null : (options.factorAge ?? 0);
  const { plain, hash } = newToken();
  const session = newId('session');
  await db.query(
    `INSERT INTO sessions (id, token_hash, account_id, organization_id, state, proofs, factor_at,
       factor, address)
     VALUES ($1, $2, $3, $4, $5, $6, now() - $7 * interval '1 second', $8, '127.0.0.1')`,
    [session, hash, account, organization, state, proofs, factorAge, factor],
  );
  return { session, token: plain };
}
