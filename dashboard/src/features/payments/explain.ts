export type Explanation = {
  /** What happened, in a few words. */
  text: string;
  /** What to do about it. */
  advice: string;
};

const anotherCard = 'Ask the customer for another card.';
const sayNothing = `${anotherCard} Do not say why: it may be in the wrong hands.`;
const askBank = 'The customer can ask their bank, or pay with another card.';

/** By code; a list, because one of the codes has the name of card data. */
const declines: readonly (readonly [code: string, text: string, advice: string])[] = [
  ['generic_decline', 'The bank gave no reason', askBank],
  ['do_not_honor', 'The bank refused this payment', askBank],
  [
    'insufficient_funds',
    'Not enough money on the card',
    'The customer can try again later, try a smaller amount, or use another card.',
  ],
  ['lost_card', 'The card was reported lost', sayNothing],
  ['stolen_card', 'The card was reported stolen', sayNothing],
  ['expired_card', 'The card has expired', anotherCard],
  [
    'incorrect_cvc',
    'The security code is wrong',
    'Ask the customer to enter the card again, with the code printed on it.',
  ],
  [
    'processing_error',
    'The bank could not process it',
    'Collect the card again in a few minutes. Nothing was charged.',
  ],
  [
    'fraudulent',
    'The bank suspects fraud',
    'Look at the order before you ship anything. Do not try this card again.',
  ],
  [
    'card_velocity_exceeded',
    'The card was used too often, or for too much',
    'The customer can try again tomorrow, or use another card.',
  ],
  [
    'authentication_required',
    'The bank asks for 3-D Secure',
    'Ask the customer for another card: confirming with 3-D Secure is not supported yet.',
  ],
];

/** What a decline code means to the person who reads it. Unknown codes are shown as words. */
export function explainDecline(code: string): Explanation {
  const known = declines.find(([one]) => one === code);
  const [, text, advice] = known ?? [code, inWords(code), askBank];
  return { text, advice };
}

/** Decline codes that can be filtered by, with their meaning. */
export const knownDeclines = declines.map(([code, text]) => ({ code, text }));

const failures: Readonly<Record<string, Explanation>> = {
  vault_unavailable: {
    text: 'The vault could not be reached',
    advice: 'Nothing was charged. Try again with a new token.',
  },
  processor_unavailable: {
    text: 'The processor could not take the payment',
    advice: 'Nothing was charged. Collect the card again in a few minutes.',
  },
  never_reached_processor: {
    text: 'It never reached the processor',
    advice: 'No money moved. It can be done again.',
  },
  token_already_used: {
    text: 'The token had been used before',
    advice: 'A token pays once. Collect the card again.',
  },
  token_expired: {
    text: 'The token had expired',
    advice: 'A token is good for an hour. Collect the card again.',
  },
  not_found: {
    text: 'The token does not exist',
    advice: 'Check that token and key are of the same organization and mode.',
  },
  refund_declined: {
    text: 'The processor refused the refund',
    advice: 'No money moved. Repay the customer in another way.',
  },
  refund_refused: {
    text: 'The processor refused the refund',
    advice: 'No money moved. Repay the customer in another way.',
  },
  already_captured: { text: 'It was captured already', advice: 'Look at the payment again.' },
  amount_too_large: { text: 'The amount was too large', advice: 'Try a smaller amount.' },
};

/** What a failure means. It may carry details after a colon, e.g. `not_sent: host refused`. */
export function explainFailure(failure: string): Explanation {
  const [code = '', ...details] = failure.split(':');
  const known = failures[code];
  if (known !== undefined) return known;
  const words = inWords(code) + (details.length === 0 ? '' : `:${details.join(':')}`);
  return { text: words, advice: 'No money moved. Tell whoever runs this installation.' };
}

/** `do_not_honor` → `Do not honor`. */
export function inWords(code: string): string {
  const words = code.replaceAll(/[_.]/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
