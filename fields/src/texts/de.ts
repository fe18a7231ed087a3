import type { Wording } from './texts.ts';

export const de: Wording = {
  number: 'Kartennummer',
  expiry: 'Gültig bis',
  cvc: 'Prüfziffer',
  expiryHint: 'MM / JJ',
  missing_number: 'Bitte die Kartennummer eingeben.',
  incomplete_number: 'Die Kartennummer ist nicht vollständig.',
  invalid_number: 'Diese Kartennummer stimmt nicht. Bitte mit der Karte vergleichen.',
  missing_expiry: 'Bitte das Ablaufdatum eingeben.',
  incomplete_expiry: 'Das Ablaufdatum ist nicht vollständig.',
  invalid_expiry: 'Diesen Monat gibt es nicht.',
  card_expired: 'Diese Karte ist abgelaufen.',
  missing_cvc: 'Bitte die Prüfziffer eingeben.',
  incomplete_cvc: 'Die Prüfziffer ist nicht vollständig.',
  invalid_cvc: 'Die Prüfziffer passt nicht zur Karte.',
  invalid_card: 'Die Kartendaten stimmen nicht.',
  invalid_name: 'Das ist kein Name, wie er auf einer Karte steht.',
  test_card_required: 'Dies ist ein Test: bitte eine Testkarte wie 4242 4242 4242 4242 benutzen.',
  rate_limited: 'Zu viele Versuche. Bitte kurz warten.',
  unreachable: 'Keine Verbindung. Es wurde nichts abgebucht; bitte noch einmal versuchen.',
  other: 'Das hat nicht geklappt. Es wurde nichts abgebucht; bitte noch einmal versuchen.',
};
