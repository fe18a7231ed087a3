export type Explanation = {
  /** What happened, in a few words. */
  text: string;
  /** What to do about it. */
  advice: string;
};

const anotherCard = 'Ask the customer for another card.';
const askBank = 'The customer can ask their bank, or pay with another card.';

const declines: Readonly<Record<string, Explanation>> = {
  generic_decline: { text: 'The bank gave no reason', advice: askBank },
  do_not_honor: { text: 'The bank refused this payment', advice: askBank },
  insufficient_funds: {
    text: 'Not enough money on the card',
    advice: 'The customer can try again later, try a smaller amount, or use another card.',
  },
  lost_card: {
    text: 'The card was reported lost',
    advice: `${anotherCard} Do not say why: it may be in the wrong hands.`,
  },
  stolen_card: {
    text: 'The card was reported stolen',
    advice: `${anotherCard} Do not say why: it may be in the wrong hands.`,
  },
  expired_card: { text: 'The card has expired', advice: anotherCard },
  incorrect_cvc: {
    text: 'The security code is wrong',
    advice: 'Ask the customer to enter the card again, with the code printed on it.',
  },
  processing_error: {
    text: 'The bank could not process it',
    advice: 'Collect the card again in a few minutes. Nothing was charged.',
  },
  fraudulent: {
    text: 'The bank suspects fraud',
    advice: 'Look at the order before you ship anything. Do not try this card again.',
  },
  card_velocity_exceeded: {
    text: 'The card was used too often, or for too much',
    advice: 'The customer can try again tomorrow, or use another card.',
  },
  authentication_required: {
    text: 'The bank wants the cardholder to confirm it (3-D Secure)',
    advice: 'Ask the customer to pay with another card: 3-D Secure is not supported yet.',
  },
};

/** What a decline code means to the person who reads it. Unknown codes are shown as words. */
export function explainDecline(code: string): Explanation {
  return declines[code] ?? { text: inWords(code), advice: askBank };
}

/** Decline codes that can be filtered by, with their meaning. */
export const knownDeclines = Object.entries(declines).map(([code, { text }]) => ({ code, text }));

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
