import { setTimeout as wait } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';

const stepMs = 30_000;
/** How long a code may be on its way, on a busy machine. */
const underWayMs = 3_000;

/**
 * The code an authenticator app shows.
 *
 * @param secret base32, as it was shown when the app was set up
 * @param steps how many steps of 30 seconds from now
 */
export function totpCode(secret: string, steps = 0): string {
  const timestamp = Date.now() + steps * stepMs;
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp });
}

/**
 * The code of the step before this one, so that two more are good at once. It is the oldest that is
 * taken: where the step is about to end, it waits for the next.
 */
export async function previousCode(secret: string): Promise<string> {
  const leftMs = stepMs - (Date.now() % stepMs);
  if (leftMs < underWayMs) await wait(leftMs);
  return totpCode(secret, -1);
}
