import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import {
  isObvious,
  normalizePassword,
  type PasswordFlaw,
  passwordAdvice,
  passwordLengthFlaw,
  passwordRules,
  personalWords,
} from 'payos-contract';
import { ApiError } from '../core/errors.ts';
import { isBreached } from './breached-passwords.ts';

/** Refuses a new password that is not good enough. `about`: what belongs to its person. */
export type RequireGoodPassword = (
  password: string,
  about: readonly (string | undefined)[],
) => Promise<void>;

let guesser: Promise<ZxcvbnFactory> | undefined;

/** Its word lists take time and 18 MiB: they come with the first password that is chosen. */
async function loadGuesser(): Promise<ZxcvbnFactory> {
  const [core, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new core.ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
}

/**
 * The rules for new passwords: long, not guessable, not breached, and nothing about digits and
 * signs, which only makes them worse (NIST SP 800-63B-4 §3.1.1.2; ASVS 6.2.4 to 6.2.12).
 *
 * @param breachedFile list of breached passwords, or undefined for the built-in ones alone
 * @throws Error when the list is not readable: it fails at the start rather than at a person
 */
export async function loadPasswordRules(
  breachedFile: string | undefined,
): Promise<RequireGoodPassword> {
  if (breachedFile !== undefined) await isBreached(breachedFile, '');
  return async (password, about) => {
    const length = passwordLengthFlaw(password);
    if (length !== undefined) throw passwordRefused(length);
    const plain = normalizePassword(password);
    const words = personalWords(about);
    guesser ??= loadGuesser();
    const { score } = (await guesser).check(plain, words);
    if (score < passwordRules.score || isObvious(plain, words)) {
      throw passwordRefused('guessable');
    }
    if (breachedFile !== undefined && (await isBreached(breachedFile, plain))) {
      throw passwordRefused('breached');
    }
  };
}

/** `password_refused` that says what to do instead. */
export function passwordRefused(flaw: PasswordFlaw): ApiError {
  const message = passwordAdvice[flaw];
  const field = { pointer: '/password', code: flaw, message, fix: 'Choose another password.' };
  return new ApiError('password_refused', { detail: message, param: 'password', errors: [field] });
}
