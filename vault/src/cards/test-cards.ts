/**
 * The only numbers that test mode takes. All of them are published by card schemes and processors
 * for testing and belong to nobody; the last group is PayOS's own, in Visa's range of test numbers.
 * Anything else could be somebody's card and is refused before it is stored.
 */
const published = [
  // Visa: approved
  '4242424242424242',
  '4000056655665556',
  '4111111111111111',
  '4012888888881881',
  // Visa: answers other than approval
  '4000000000000002', // declined
  '4000000000009995', // insufficient funds
  '4000000000009987', // lost card
  '4000000000009979', // stolen card
  '4000000000000069', // expired card
  '4000000000000127', // wrong security code
  '4000000000000119', // processing error
  '4100000000000019', // suspected fraud
  '4000000000006975', // used too often
  '4000000000000341', // declined when the merchant charges it later
  '4000002500003155', // 3-D Secure required
  '4000002760003184', // 3-D Secure required
  // Mastercard
  '5555555555554444',
  '2223003122003222',
  '5200828282828210',
  '5105105105105100',
  // American Express
  '378282246310005',
  '371449635398431',
  // Discover, Diners Club, JCB, UnionPay
  '6011111111111117',
  '6011000990139424',
  '3056930009020004',
  '36227206271667',
  '3566002020360505',
  '6200000000000005',
  '6205500000000000004',
  // Behaviour of the built-in simulator
  '4000000000000259', // answers after eight seconds
  '4000000000000309', // charges, then drops the connection
  '4000000000000317', // processor outage
  '4000000000000333', // server error, not charged
  '4000000000005118', // refuses refunds
  '4000000000005225', // drops the connection after a capture or refund
];

export const testCards: ReadonlySet<string> = new Set(published);
