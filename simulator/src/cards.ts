/** Why a charge was declined, with the words for a person. */
export const declineMessages = {
  generic_decline: 'The card was declined.',
  insufficient_funds: 'The card has insufficient funds.',
  lost_card: 'The card was reported lost.',
  stolen_card: 'The card was reported stolen.',
  expired_card: 'The card has expired.',
  incorrect_cvc: 'The security code is wrong.',
  processing_error: 'The issuer could not process the charge.',
  fraudulent: 'The issuer suspects fraud.',
  card_velocity_exceeded: 'The card was used too often or for too much.',
  do_not_honor: 'The issuer does not honor this charge.',
  authentication_required: 'The cardholder must authenticate (3-D Secure).',
} as const;

export type DeclineCode = keyof typeof declineMessages;

/** What a charge does beyond being approved or declined. Stored with it; shown in the docs. */
export const behaviours = [
  'none',
  'slow',
  'drop_after_charge',
  'outage',
  'internal_error',
  'refund_refused',
  'drop_after_operation',
] as const;
export type Behaviour = (typeof behaviours)[number];

export type CardRule = {
  number: string;
  /** What happens, for people. */
  text: string;
  /** How it is declined; left out: it is approved. */
  declines?: DeclineCode;
  /** Whose charges are declined; left out: everybody's. */
  declinesOnly?: 'customer' | 'merchant';
  behaviour?: Exclude<Behaviour, 'none'>;
};

/** The code that is wrong for every card. */
export const wrongCode = '000';

/** How long the slow card takes to answer, in milliseconds. */
export const slowAnswerMs = 8_000;

const approved: readonly CardRule[] = [
  { number: '4242424242424242', text: 'Visa' },
  { number: '4000056655665556', text: 'Visa debit' },
  { number: '5555555555554444', text: 'Mastercard' },
  { number: '2223003122003222', text: 'Mastercard, 2-series' },
  { number: '5105105105105100', text: 'Mastercard prepaid' },
  { number: '378282246310005', text: 'American Express' },
  { number: '6011111111111117', text: 'Discover' },
  { number: '3056930009020004', text: 'Diners Club' },
  { number: '3566002020360505', text: 'JCB' },
  { number: '6200000000000005', text: 'UnionPay' },
];

const declined: readonly CardRule[] = [
  {
    number: '4000000000000002',
    declines: 'generic_decline',
    text: 'Declined, the issuer says no more',
  },
  {
    number: '4000000000009995',
    declines: 'insufficient_funds',
    text: 'Declined, not enough money',
  },
  { number: '4000000000009987', declines: 'lost_card', text: 'Declined, reported lost' },
  { number: '4000000000009979', declines: 'stolen_card', text: 'Declined, reported stolen' },
  { number: '4000000000000069', declines: 'expired_card', text: 'Declined, expired' },
  { number: '4000000000000127', declines: 'incorrect_cvc', text: 'Declined, wrong security code' },
  { number: '4000000000000119', declines: 'processing_error', text: 'Declined, issuer in trouble' },
  { number: '4100000000000019', declines: 'fraudulent', text: 'Declined, suspected fraud' },
  {
    number: '4000000000006975',
    declines: 'card_velocity_exceeded',
    text: 'Declined, used too often or for too much',
  },
  {
    number: '4000000000000341',
    declines: 'do_not_honor',
    declinesOnly: 'merchant',
    text: 'Approved while the customer pays, declined when the merchant charges the saved card',
  },
  {
    number: '4000002500003155',
    declines: 'authentication_required',
    declinesOnly: 'customer',
    text: 'Asks the customer for 3-D Secure, approved when the merchant charges the saved card',
  },
  {
    number: '4000002760003184',
    declines: 'authentication_required',
    text: 'Asks for 3-D Secure every time',
  },
];

const faulty: readonly CardRule[] = [
  {
    number: '4000000000000259',
    behaviour: 'slow',
    text: 'Charged at once, but the answer takes 8 seconds',
  },
  {
    number: '4000000000000309',
    behaviour: 'drop_after_charge',
    text: 'Charged, then the connection breaks before the answer',
  },
  {
    number: '4000000000000317',
    behaviour: 'outage',
    text: 'Not charged: status 503, `{"error":"outage"}`',
  },
  {
    number: '4000000000000333',
    behaviour: 'internal_error',
    text: 'Not charged: status 500, `{"error":"internal"}`',
  },
  {
    number: '4000000000005118',
    behaviour: 'refund_refused',
    text: 'Charged; every refund fails with `refund_refused`',
  },
  {
    number: '4000000000005225',
    behaviour: 'drop_after_operation',
    text: 'Charged; a capture or refund is done, then the connection breaks before the answer',
  },
];

/** Every magic card, in the order of the docs. All other numbers are approved. */
export const cards = { approved, declined, faulty } as const;

const rules = new Map(
  [...approved, ...declined, ...faulty].map((rule) => [rule.number, rule] as const),
);

export type Verdict = {
  behaviour: Behaviour;
  decline: DeclineCode | null;
  cvcCheck: 'pass' | 'fail' | 'unchecked';
};

/**
 * Decides what happens to a card.
 *
 * @param number digits only
 * @param code the security code, when one was sent
 */
export function judge(
  number: string,
  code: string | undefined,
  initiatedBy: 'customer' | 'merchant',
): Verdict {
  const rule = rules.get(number);
  const applies = rule?.declinesOnly === undefined || rule.declinesOnly === initiatedBy;
  const byRule = applies ? (rule?.declines ?? null) : null;
  const decline = code === wrongCode ? 'incorrect_cvc' : byRule;
  const failed = decline === 'incorrect_cvc' ? 'fail' : 'pass';
  return {
    behaviour: rule?.behaviour ?? 'none',
    decline,
    cvcCheck: code === undefined ? 'unchecked' : failed,
  };
}
