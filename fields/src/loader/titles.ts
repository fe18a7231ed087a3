import type { FieldKind } from '../../payos.d.ts';

/** What screen readers call the frames: card, number, expiry, security code. */
const titles: Readonly<Record<string, readonly [string, string, string, string]>> = {
  ar: ['بطاقة', 'رقم البطاقة', 'تاريخ الانتهاء', 'رمز الأمان'],
  de: ['Karte', 'Kartennummer', 'Gültig bis', 'Prüfziffer'],
  en: ['Card', 'Card number', 'Expiry date', 'Security code'],
  es: ['Tarjeta', 'Número de tarjeta', 'Fecha de caducidad', 'Código de seguridad'],
  fr: ['Carte', 'Numéro de carte', 'Date d’expiration', 'Code de sécurité'],
  ja: ['カード', 'カード番号', '有効期限', 'セキュリティコード'],
  pt: ['Cartão', 'Número do cartão', 'Data de validade', 'Código de segurança'],
};

const order: readonly FieldKind[] = ['card', 'number', 'expiry', 'cvc'];

/**
 * What a screen reader calls a frame (WCAG 2.2, 4.1.2).
 *
 * @param locale such as `de-CH`; English where its language has no titles
 */
export function titleOf(locale: string, kind: FieldKind): string {
  const language = locale.split('-')[0]?.toLowerCase() ?? '';
  const known = Object.hasOwn(titles, language) ? language : 'en';
  return titles[known]?.[order.indexOf(kind)] ?? kind;
}
