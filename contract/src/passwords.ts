import { isKeyboardWalk } from './keyboard-walk.ts';
import { isKnownPhrase } from './known-phrases.ts';

/** What a new password must be: the server decides by it, the meter in the dashboard shows it. */
export const passwordRules = {
  /** Code points (NIST SP 800-63B-4 §3.1.1.2; ASVS 6.2.1). */
  min: 15,
  max: 128,
  /** Of zxcvbn: at least 10⁸ guesses. */
  score: 3,
  /** Letters and digits that are left without the person's own words. */
  beside: 8,
  /** The last passwords of an account, the present one included (PCI DSS 8.3.7). */
  remembered: 4,
} as const;

/** Why a password is refused, and what to do about it. */
export const passwordAdvice = {
  too_short:
    `Use at least ${passwordRules.min} characters. Four or five words that have nothing to do ` +
    'with each other are easy to keep in mind.',
  too_long: `Use at most ${passwordRules.max} characters.`,
  guessable:
    'This is among the first that attackers try: common words, a row of keys, repetition, or ' +
    'your own name. Add words that have nothing to do with each other or with you.',
  breached:
    'This password has been in a data breach, so attackers have it on their lists. Choose one ' +
    'that you use nowhere else.',
  reused: `This is one of your last ${passwordRules.remembered} passwords. Choose a new one.`,
} as const;

export type PasswordFlaw = keyof typeof passwordAdvice;

/**
 * A password as it is hashed and compared, the same from every keyboard: RFC 8265 §4.2.2 (other
 * spaces become a plain one, then NFC).
 */
export function normalizePassword(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** Whether its length is wrong; `undefined` when it is right. */
export function passwordLengthFlaw(password: string): 'too_short' | 'too_long' | undefined {
  const length = [...normalizePassword(password)].length;
  if (length < passwordRules.min) return 'too_short';
  return length > passwordRules.max ? 'too_long' : undefined;
}

/** Words that an attacker would try first for this person: to be handed to zxcvbn. */
export function personalWords(about: readonly (string | undefined)[]): string[] {
  const whole = about.flatMap((word) => (word === undefined ? [] : [word.toLowerCase()]));
  const parts = whole.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u));
  return [...new Set(['payos', ...whole, ...parts])].filter((word) => word.length >= 3);
}

/** Whether it is easy to guess in a way that an estimate of its strength does not see. */
export function isObvious(password: string, words: readonly string[]): boolean {
  return isMostlyPersonal(password, words) || isKeyboardWalk(password) || isKnownPhrase(password);
}

/** Whether a password is little more than words of its person (NIST SP 800-63B-4 §3.1.1.2). */
export function isMostlyPersonal(password: string, words: readonly string[]): boolean {
  const plain = normalizePassword(password).toLowerCase();
  const longestFirst = [...words].sort((one, other) => other.length - one.length);
  const left = longestFirst.reduce((text, word) => text.replaceAll(word, ''), plain);
  const others = [...left.replace(/[^\p{L}\p{N}]/gu, '')].length;
  return left !== plain && others < passwordRules.beside;
}
