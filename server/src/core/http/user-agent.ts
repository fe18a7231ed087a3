import type { FastifyRequest } from 'fastify';
import { holdsCardNumber } from '../card-guard.ts';

const lengthMax = 300;

/** What a client says of itself, as it may be stored: never with a card number or a key in it. */
export function userAgentOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const said = headers['user-agent'];
  return said === undefined ? undefined : shownAgent(said, lengthMax);
}

/** The same, cut to a length. */
export function shownAgent(said: string, most: number): string {
  const holdsSecret = holdsCardNumber(said) || /payos_[sp]k_/.test(said);
  return holdsSecret ? '[not recorded]' : said.slice(0, most);
}
