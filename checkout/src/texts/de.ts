import type { Texts } from './texts.ts';

export const de: Texts = {
  title: 'An {name} zahlen',
  pay: '{amount} zahlen',
  paying: 'Zahlung läuft …',
  reference: 'Referenz',
  testMode: 'Testmodus: Es fließt kein Geld',
  chooseCard: 'Womit möchten Sie zahlen?',
  savedCard: '{brand} mit Endziffern {last4}',
  cardExpires: 'Gültig bis {date}',
  newCard: 'Andere Karte',
  cardDetails: 'Kartendaten',
  savedCode: 'Prüfnummer der gewählten Karte',
  save: 'Diese Karte für den nächsten Einkauf speichern',
  cancel: 'Abbrechen und zurück zu {name}',
  continue: 'Weiter zu {name}',
  paid: 'Zahlung erhalten',
  paidText: 'Vielen Dank. Sie werden zu {name} zurückgeleitet.',
  processing: 'Ihre Zahlung wird bearbeitet',
  processingText:
    'Die Bank hat noch nicht geantwortet. Zahlen Sie nicht noch einmal: Das Ergebnis erscheint ' +
    'hier, sobald es bekannt ist.',
  expired: 'Diese Seite ist abgelaufen',
  expiredText: 'Hier kann nicht mehr gezahlt werden, und es wurde nichts abgebucht.',
  invalid: 'Dieser Link funktioniert nicht',
  invalidText: 'Öffnen Sie den vollständigen Link, wie Sie ihn vom Händler erhalten haben.',
  offline:
    'Die Verbindung wurde unterbrochen. Prüfen Sie sie und versuchen Sie es noch einmal: Sie ' +
    'zahlen nur einmal.',
  unavailable: 'Der Händler kann diese Zahlung zurzeit nicht annehmen.',
  noFields: 'Die Kartenfelder konnten nicht geladen werden. Laden Sie die Seite neu.',
  loading: 'Wird geladen …',
  again: 'Noch einmal versuchen',
  help: 'Hilfe:',
  poweredBy: 'Kartendaten gehen an den Tresor von PayOS, nicht an den Händler.',
  problems: {
    declined:
      'Ihre Bank hat die Karte abgelehnt. Nehmen Sie eine andere, oder fragen Sie Ihre Bank.',
    insufficient_funds: 'Die Karte ist nicht ausreichend gedeckt. Nehmen Sie eine andere.',
    limit_exceeded: 'Das Limit der Karte ist erreicht. Nehmen Sie eine andere.',
    expired_card: 'Die Karte ist abgelaufen. Nehmen Sie eine andere.',
    incorrect_number:
      'Die Kartennummer ist falsch. Prüfen Sie sie, oder nehmen Sie eine andere Karte.',
    incorrect_cvc: 'Die Prüfnummer ist falsch. Prüfen Sie sie und versuchen Sie es noch einmal.',
    authentication_required:
      'Ihre Bank will diese Zahlung bestätigen, was hier nicht möglich ist. Nehmen Sie eine ' +
      'andere Karte.',
    try_again:
      'Die Zahlung ist nicht zustande gekommen, und es wurde nichts abgebucht. Versuchen Sie es ' +
      'noch einmal.',
  },
};
