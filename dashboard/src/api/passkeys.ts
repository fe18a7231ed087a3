import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import { ask } from './client.ts';
import { Trouble } from './problem.ts';

type Options = { options: Record<string, unknown> };

/**
 * Lets the browser ask for a passkey with the options of a route.
 *
 * @throws Error with a sentence for the person when there is none, or they changed their mind
 */
export async function askPasskey(path: string, autofill = false): Promise<unknown> {
  const { options } = await ask<Options>(path, { method: 'POST', body: {} });
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return startAuthentication({ optionsJSON, useBrowserAutofill: autofill }).catch(explain);
}

/** Lets the browser make a new passkey with the options of a route. */
export async function makePasskey(path: string): Promise<unknown> {
  const { options } = await ask<Options>(path, { method: 'POST', body: {} });
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  return startRegistration({ optionsJSON }).catch(explain);
}

/** Of the browser's errors only these tell a person something. */
const sentences: Readonly<Record<string, string>> = {
  NotAllowedError: 'No passkey was given: the request was dismissed or took too long.',
  InvalidStateError: 'This device already has a passkey for your account.',
  SecurityError: 'Passkeys do not work at this address. Open the address PayOS printed.',
  NotSupportedError: 'This device cannot make a passkey that asks for your fingerprint or PIN.',
};

/** A passkey was not given, or not made. */
export class PasskeyFailure extends Trouble {}

function explain(error: unknown): never {
  const { name = '', code } = error as { name?: string; code?: string };
  const known = code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED' ? 'InvalidStateError' : name;
  throw new PasskeyFailure(
    sentences[known] ?? 'The passkey could not be used.',
    'Try again, or use another factor.',
  );
}
