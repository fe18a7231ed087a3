import type { Wording } from './texts.ts';

export const fr: Wording = {
  number: 'Numéro de carte',
  expiry: 'Date d’expiration',
  cvc: 'Code de sécurité',
  expiryHint: 'MM / AA',
  missing_number: 'Saisissez le numéro de carte.',
  incomplete_number: 'Le numéro de carte est incomplet.',
  invalid_number: 'Ce numéro de carte est incorrect. Comparez-le avec la carte.',
  missing_expiry: 'Saisissez la date d’expiration.',
  incomplete_expiry: 'La date d’expiration est incomplète.',
  invalid_expiry: 'Ce mois n’existe pas.',
  card_expired: 'Cette carte a expiré.',
  missing_cvc: 'Saisissez le code de sécurité.',
  incomplete_cvc: 'Le code de sécurité est incomplet.',
  invalid_cvc: 'Le code de sécurité ne correspond pas à la carte.',
  invalid_card: 'Les données de la carte sont incorrectes.',
  invalid_name: 'Ce n’est pas un nom de titulaire de carte.',
  test_card_required:
    'Ceci est un test : utilisez une carte de test, par exemple 4242 4242 4242 4242.',
  rate_limited: 'Trop de tentatives. Patientez un instant.',
  unreachable: 'Pas de connexion. Rien n’a été débité ; réessayez.',
  other: 'Cela n’a pas fonctionné. Rien n’a été débité ; réessayez.',
};
