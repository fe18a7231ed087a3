import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import { pt } from './pt.ts';

export type Wording = Readonly<Record<keyof typeof en, string>>;

export const languages: Readonly<Record<string, Wording>> = { ar, de, en, es, fr, ja, pt };

export type Texts = { locale: string; direction: 'ltr' | 'rtl'; wording: Wording };

/** The texts of a locale (BCP 47) by its language; English where we have no others. */
export function textsOf(locale: string): Texts {
  const language = languageOf(locale);
  const known = Object.hasOwn(languages, language) ? language : 'en';
  const wording = languages[known] ?? en;
  return { locale: known, direction: known === 'ar' ? 'rtl' : 'ltr', wording };
}

function languageOf(locale: string): string {
  try {
    return new Intl.Locale(locale).language;
  } catch {
    return 'en';
  }
}

/** What a customer is told about a problem. */
export function problemText({ wording }: Texts, code: string): string {
  return Object.hasOwn(wording, code) ? wording[code as keyof Wording] : wording.other;
}
