import { Secret, TOTP } from 'otpauth';

/**
 * The code an authenticator app shows.
 *
 * @param secret base32, as it was shown when the app was set up
 * @param steps how many steps of 30 seconds from now
 */
export function totpCode(secret: string, steps = 0): string {
  const timestamp = Date.now() + steps * 30_000;
  return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp });
}
