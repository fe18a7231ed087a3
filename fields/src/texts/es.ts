import type { Wording } from './texts.ts';

export const es: Wording = {
  number: 'Número de tarjeta',
  expiry: 'Fecha de caducidad',
  cvc: 'Código de seguridad',
  expiryHint: 'MM / AA',
  missing_number: 'Introduce el número de tarjeta.',
  incomplete_number: 'El número de tarjeta está incompleto.',
  invalid_number: 'Este número de tarjeta no es correcto. Compáralo con la tarjeta.',
  missing_expiry: 'Introduce la fecha de caducidad.',
  incomplete_expiry: 'La fecha de caducidad está incompleta.',
  invalid_expiry: 'Ese mes no existe.',
  card_expired: 'Esta tarjeta ha caducado.',
  missing_cvc: 'Introduce el código de seguridad.',
  incomplete_cvc: 'El código de seguridad está incompleto.',
  invalid_cvc: 'El código de seguridad no corresponde a la tarjeta.',
  invalid_card: 'Los datos de la tarjeta no son correctos.',
  invalid_name: 'Este no es un nombre de titular de tarjeta.',
  test_card_required:
    'Esto es una prueba: usa una tarjeta de prueba, por ejemplo 4242 4242 4242 4242.',
  rate_limited: 'Demasiados intentos. Espera un momento.',
  unreachable: 'Sin conexión. No se ha cobrado nada; inténtalo de nuevo.',
  other: 'No ha funcionado. No se ha cobrado nada; inténtalo de nuevo.',
};
