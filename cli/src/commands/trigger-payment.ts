import { type Command, Option } from 'commander';
import { CardError, type PayOS } from 'payos-sdk';
import { connect } from '../client.ts';
import { currentYear } from '../clock.ts';
import { Complaint } from '../complaint.ts';
import { wholeNumber } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = { amount: number; currency: string; outcome: Outcome; json?: true };
type Outcome = 'succeeded' | 'requires_capture' | 'declined';

/** Published test numbers. */
const numbers: Readonly<Record<Outcome, string>> = {
  succeeded: '4242424242424242',
  requires_capture: '4242424242424242',
  declined: '4000000000000002',
};

/** `payos trigger payment`: a token on the vault, then a payment with it, both in test mode. */
export function triggerPayment(trigger: Command, around: Surroundings): void {
  trigger
    .command('payment')
    .description('Make a test payment, with its events and webhooks')
    .option('--amount <minor units>', 'such as 1999', wholeNumber(1, 999_999_999_999), 1999)
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .addOption(new Option('--outcome <outcome>').choices(Object.keys(numbers)).default('succeeded'))
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const clients = connect(around);
      if (clients.server.mode !== 'test') {
        throw new Complaint('This only makes test payments, and PAYOS_SECRET_KEY is a live key.', [
          'fix: Unset PAYOS_SECRET_KEY or set it to a test key.',
        ]);
      }
      const payment = await pay(clients, options);
      if (options.json === true) return around.output.json(payment);
      const { id, status, decline_code: reason } = payment;
      around.output.line(`${id} ${status}${reason === null ? '' : ` (${reason})`}`);
      around.output.remark(
        `See it: npx payos payments get ${id}. Its events: npx payos events list`,
      );
    });
}

async function pay({ server, browser }: ReturnType<typeof connect>, options: Options) {
  const { amount, currency, outcome } = options;
  const token = await browser.tokens.create({
    type: 'card',
    card: { number: numbers[outcome], exp_month: 12, exp_year: currentYear() + 3 },
  });
  const capture = outcome === 'requires_capture' ? 'manual' : 'automatic';
  try {
    return await server.payments.create({ amount, currency, token: token.id, capture });
  } catch (error) {
    return await declinedPayment(server, outcome, error);
  }
}

/** The decline that was asked for is a success of this command. */
async function declinedPayment(server: PayOS, outcome: Outcome, error: unknown) {
  const expected = outcome === 'declined' && error instanceof CardError;
  if (!expected || error.payment === undefined) throw error;
  return server.payments.retrieve(error.payment);
}
