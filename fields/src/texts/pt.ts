import type { Wording } from './texts.ts';

export const pt: Wording = {
  number: 'Número do cartão',
  expiry: 'Data de validade',
  cvc: 'Código de segurança',
  expiryHint: 'MM / AA',
  missing_number: 'Digite o número do cartão.',
  incomplete_number: 'O número do cartão está incompleto.',
  invalid_number: 'Este número de cartão não está certo. Compare-o com o cartão.',
  missing_expiry: 'Digite a data de validade.',
  incomplete_expiry: 'A data de validade está incompleta.',
  invalid_expiry: 'Esse mês não existe.',
  card_expired: 'Este cartão venceu.',
  missing_cvc: 'Digite o código de segurança.',
  incomplete_cvc: 'O código de segurança está incompleto.',
  invalid_cvc: 'O código de segurança não corresponde ao cartão.',
  invalid_card: 'Os dados do cartão não estão certos.',
  invalid_name: 'Este não é um nome de titular de cartão.',
  test_card_required: 'Isto é um teste: use um cartão de teste, como 4242 4242 4242 4242.',
  rate_limited: 'Tentativas demais. Aguarde um momento.',
  unreachable: 'Sem conexão. Nada foi cobrado; tente de novo.',
  other: 'Não funcionou. Nada foi cobrado; tente de novo.',
};
