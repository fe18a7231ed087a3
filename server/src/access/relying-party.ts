import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';

/** Some 300 files: loaded with the first passkey, and never by a worker. */
const library = () => import('@simplewebauthn/server');

/** Whom a passkey trusts: the host of the public URL, and pages of its origin alone. */
export type RelyingParty = { readonly id: string; readonly origin: string };

/** What a browser sent: its form is checked here, what it says by whoever verifies it. */
export type Credential = Readonly<Record<string, unknown>>;

/** A passkey as it is stored. */
export type StoredPasskey = {
  id: string;
  account_id: string;
  credential_id: Buffer;
  public_key: Buffer;
  counter: number;
  transports: string[];
};

export type NewPasskey = Omit<StoredPasskey, 'id' | 'account_id'> & { synced: boolean };

/**
 * The WebAuthn relying party of `PAYOS_PUBLIC_URL`. Passkeys are bound to the host name: under
 * another one nobody can use theirs.
 */
export function relyingPartyAt(publicUrl: string): RelyingParty {
  const { hostname, origin } = new URL(publicUrl);
  return { id: hostname, origin };
}

/** How long a ceremony may take: a challenge is good for so many minutes. */
export const challengeMinutes = 5;
const timeout = challengeMinutes * 60_000;

type Person = { account: string; email: string; name: string };

/** What `navigator.credentials.create` takes: a passkey that names its user, and verifies them. */
export async function registrationOptions(
  party: RelyingParty,
  { account, email, name }: Person,
  challenge: Buffer,
  known: readonly StoredPasskey[],
): Promise<Record<string, unknown>> {
  const { generateRegistrationOptions } = await library();
  const options = await generateRegistrationOptions({
    rpName: 'PayOS',
    rpID: party.id,
    userName: email,
    userDisplayName: name,
    userID: bytesOf(Buffer.from(account)),
    challenge: bytesOf(challenge),
    timeout,
    attestationType: 'none',
    excludeCredentials: known.map(describe),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  return { ...options };
}

/** What `navigator.credentials.get` takes; with no passkeys named, the person chooses one. */
export async function authenticationOptions(
  party: RelyingParty,
  challenge: Buffer,
  known: readonly StoredPasskey[],
): Promise<Record<string, unknown>> {
  const { generateAuthenticationOptions } = await library();
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: bytesOf(challenge),
    timeout,
    userVerification: 'required',
    allowCredentials: known.map(describe),
  });
  return { ...options };
}

const describe = ({ credential_id, transports }: StoredPasskey) => ({
  id: credential_id.toString('base64url'),
  transports,
});

/** The challenge that a credential answers; undefined when it has not the form of one. */
export function challengeOf(credential: Credential): Buffer | undefined {
  try {
    const { clientDataJSON } = credential['response'] as { clientDataJSON: string };
    const { challenge, crossOrigin } = JSON.parse(
      Buffer.from(clientDataJSON, 'base64url').toString(),
    );
    // Asked for from within somebody else's page.
    if (crossOrigin === true) return undefined;
    const bytes = Buffer.from(String(challenge), 'base64url');
    return bytes.length === 32 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The id of the passkey that was used; undefined when there is none of a sound length. */
export function credentialIdOf(credential: Credential): Buffer | undefined {
  const { id } = credential;
  if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,1400}$/.test(id)) return undefined;
  return Buffer.from(id, 'base64url');
}

/** Checks a new passkey (WebAuthn Level 3 §7.1). @returns undefined when anything is amiss */
export async function verifyRegistration(
  party: RelyingParty,
  credential: Credential,
  challenge: Buffer,
): Promise<NewPasskey | undefined> {
  const { verifyRegistrationResponse } = await library();
  const checked = await verifyRegistrationResponse({
    response: credential as unknown as RegistrationResponseJSON,
    expectedChallenge: challenge.toString('base64url'),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    // A credential that makes no sense is refused like one that is forged.
  }).catch(() => undefined);
  if (checked?.verified !== true) return undefined;
  const { credential: made, credentialDeviceType, userVerified } = checked.registrationInfo;
  if (!userVerified) return undefined;
  return {
    credential_id: Buffer.from(made.id, 'base64url'),
    public_key: Buffer.from(made.publicKey),
    counter: made.counter,
    transports: transportsOf(made.transports),
    synced: credentialDeviceType === 'multiDevice',
  };
}

/**
 * Checks that a passkey was used, by somebody whom it has verified (WebAuthn Level 3 §7.2).
 *
 * @returns its new counter; undefined when anything is amiss
 */
export async function verifyAuthentication(
  party: RelyingParty,
  credential: Credential,
  challenge: Buffer,
  stored: StoredPasskey,
): Promise<number | undefined> {
  if (!isHandleOf(credential, stored.account_id)) return undefined;
  const { verifyAuthenticationResponse } = await library();
  const checked = await verifyAuthenticationResponse({
    response: credential as unknown as AuthenticationResponseJSON,
    expectedChallenge: challenge.toString('base64url'),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: {
      id: stored.credential_id.toString('base64url'),
      publicKey: bytesOf(stored.public_key),
      counter: stored.counter,
    },
  }).catch(() => undefined);
  if (checked?.verified !== true || !checked.authenticationInfo.userVerified) return undefined;
  return checked.authenticationInfo.newCounter;
}

/** The device may say whose passkey it is; then it must be right (§7.2 step 6). */
function isHandleOf(credential: Credential, account: string): boolean {
  const handle = (credential['response'] as { userHandle?: unknown } | undefined)?.userHandle;
  if (handle === undefined || handle === null) return true;
  return typeof handle === 'string' && Buffer.from(handle, 'base64url').toString() === account;
}

/** What a device says of how it is reached; unknown words are dropped. */
function transportsOf(told: readonly string[] | undefined): string[] {
  const known = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
  return known.filter((name) => told?.includes(name));
}

/** A copy over memory of its own, as the library's types ask for it. */
function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(buffer);
}
