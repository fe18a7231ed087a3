import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { isObvious, normalizePassword, personalWords } from 'payos-contract';

const guesser = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** How hard it is to guess, 0 to 4: the same estimate by which the server decides. */
export function strengthOf(password: string, about: readonly (string | undefined)[]): number {
  const plain = normalizePassword(password);
  const words = personalWords(about);
  return isObvious(plain, words) ? 0 : guesser.check(plain, words).score;
}
