import { type Context, sessionOf } from '../core/context.ts';
import { statement, violates } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Reply } from '../core/http/route.ts';
import { mutate, type Tx } from '../core/mutate.ts';
import { newId } from '../core/random.ts';
import { holdAccount } from './account.ts';
import { newChallenge, takeChallenge } from './challenge.ts';
import type { AccessDependencies } from './dependencies.ts';
import { describeDevice } from './device.ts';
import { enroll, requireMayEnroll } from './enroll.ts';
import { passkeysOf } from './passkey.ts';
import {
  type Credential,
  challengeOf,
  type NewPasskey,
  registrationOptions,
  verifyRegistration,
} from './relying-party.ts';

const passkeysMax = 10;

const insertPasskey = statement(
  'passkeys.insert',
  `INSERT INTO passkeys (id, account_id, credential_id, public_key, counter, transports, synced,
     name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** Opens a ceremony in which a device makes a passkey. @throws ApiError `factor_not_allowed` */
export async function beginPasskey(ctx: Context, { party }: AccessDependencies) {
  const { account } = await requireMayEnroll(ctx, 'passkey');
  const { person, challenge, known } = await mutate(
    ctx,
    { permission: 'sign_in', audit: () => undefined },
    async (tx: Tx) => ({
      person: await holdAccount(tx, account),
      challenge: await newChallenge(tx, 'enroll', account),
      known: await passkeysOf(tx, account),
    }),
  );
  const { email, name } = person;
  return { options: await registrationOptions(party, { account, email, name }, challenge, known) };
}

/**
 * Takes the passkey that a device has made.
 *
 * @throws ApiError `passkey_refused`, `passkey_limit_reached`, `factor_exists`
 */
export async function addPasskey(
  ctx: Context,
  deps: AccessDependencies,
  credential: Credential,
  name: string | undefined,
): Promise<Reply> {
  const session = await requireMayEnroll(ctx, 'passkey');
  const made = await verify(ctx, deps, credential);
  const label = name ?? describeDevice(ctx.userAgent);
  return enroll(ctx, deps, session, {
    kind: 'passkey',
    label,
    store: async (tx, held) => {
      if (held.passkeys >= passkeysMax) throw new ApiError('passkey_limit_reached');
      return insert(tx, session.account, made, label);
    },
  });
}

async function verify(
  ctx: Context,
  { party }: AccessDependencies,
  credential: Credential,
): Promise<NewPasskey> {
  const { account } = sessionOf(ctx);
  const challenge = challengeOf(credential);
  const open =
    challenge !== undefined &&
    (await mutate(ctx, { permission: 'sign_in', audit: () => undefined }, (tx) =>
      takeChallenge(tx, challenge, 'enroll', account),
    ));
  const made = open ? await verifyRegistration(party, credential, challenge) : undefined;
  if (made === undefined) throw new ApiError('passkey_refused');
  return made;
}

async function insert(tx: Tx, account: string, made: NewPasskey, name: string): Promise<string> {
  const id = newId('passkey');
  const { credential_id, public_key, counter, transports, synced } = made;
  try {
    await tx.query(insertPasskey, [
      id,
      account,
      credential_id,
      public_key,
      counter,
      transports,
      synced,
      name,
    ]);
  } catch (error) {
    throw violates(error, 'passkeys_credential_id_key') ? new ApiError('factor_exists') : error;
  }
  return id;
}
