import type { schemas } from 'payos-contract';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

/** What the page says in one language. `{…}` is filled in. */
export type Texts = {
  title: string;
  pay: string;
  paying: string;
  reference: string;
  testMode: string;
  chooseCard: string;
  savedCard: string;
  cardExpires: string;
  newCard: string;
  cardDetails: string;
  savedCode: string;
  save: string;
  cancel: string;
  continue: string;
  paid: string;
  paidText: string;
  processing: string;
  processingText: string;
  expired: string;
  expiredText: string;
  invalid: string;
  invalidText: string;
  offline: string;
  unavailable: string;
  noFields: string;
  loading: string;
  again: string;
  help: string;
  poweredBy: string;
  problems: Record<schemas.CheckoutProblem, string>;
};

const languages: Readonly<Record<string, Texts>> = { ar, de, en, es, fr };
const rightToLeft = new Set(['ar']);

export type Language = { locale: string; texts: Texts; direction: 'ltr' | 'rtl' };

/** The first language of the visitor that the page speaks. @param wanted BCP 47, best first */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const locale of wanted) {
    const [name = ''] = locale.toLowerCase().split('-');
    const texts = Object.hasOwn(languages, name) ? languages[name] : undefined;
    if (texts === undefined) continue;
    const direction = rightToLeft.has(name) ? 'rtl' : 'ltr';
    return { locale: isTag(locale) ? locale : name, texts, direction };
  }
  return { locale: 'en', texts: en, direction: 'ltr' };
}

/** Chromium without a language of the machine says `en-US@posix`, and then will not format it. */
function isTag(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length === 1;
  } catch {
    return false;
  }
}

/** Fills `{name}` in. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
