import { ByteSearch } from './byte-search.ts';
import { cardForms } from './card-forms.ts';

/**
 * A card and a security code per way that a card goes, so that what is found says where it came
 * from. Published test numbers that stand nowhere in what the server serves.
 */
export const cards = {
  payments: { number: '36227206271667', code: '481' },
  forward: { number: '6011000990139424', code: '627' },
  reveal: { number: '5200828282828210', code: '915' },
  fields: { number: '371449635398431', code: '7264' },
  checkout: { number: '4012888888881881', code: '839' },
  mistakes: { number: '4111111111111111', code: '358' },
} as const;
export type Card = { number: string; code: string };
export type Way = keyof typeof cards;

export const holder = 'Quixotry Canarybird';

/** All that may be nowhere, in every form, but for codes: three digits stand by chance anywhere. */
export function wantedOf(ways: readonly Way[]): Map<string, Buffer> {
  const wanted = new Map<string, Buffer>([['name of the holder', Buffer.from(holder)]]);
  for (const way of ways) {
    for (const [form, bytes] of cardForms(cards[way].number)) wanted.set(`${way} ${form}`, bytes);
  }
  return wanted;
}

const all = Object.keys(cards) as Way[];
const everything = new ByteSearch(wantedOf(all));
export const codes = all.map((way) => cards[way].code);
/** A code as a value of JSON. By itself a number of three digits is anything. */
const code = new RegExp(codes.map((one) => `"${one}"`).join('|'));

/** Numbers and names in the bytes; empty as a rule. */
export const foundIn = (bytes: Uint8Array): string[] => [...everything.in(bytes)];

/** Codes in a text; empty as a rule. */
export const codesIn = (text: string): string[] => [...(code.exec(text) ?? [])];
