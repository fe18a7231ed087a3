import { type Command, Option } from 'commander';
import type { ListPayments, Payment } from 'payos-sdk';
import { connect } from '../client.ts';
import type { Column } from '../output.ts';
import { idOf, wholeNumber } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = Pick<ListPayments, 'limit' | 'after' | 'status'> & { json?: true };

const statuses = ['processing', 'requires_capture', 'succeeded', 'failed', 'canceled'];
const columns: Column<Payment>[] = [
  { title: 'id', of: (payment) => payment.id },
  { title: 'status', of: (payment) => payment.status },
  { title: 'minor units', of: (payment) => payment.amount },
  { title: 'currency', of: (payment) => payment.currency },
  { title: 'card', of: ({ card }) => `${card.brand} ${card.last4}` },
  { title: 'reference', of: (payment) => payment.reference },
  { title: 'created', of: (payment) => payment.created_at },
];

/** `payos payments list` */
export function paymentsList(payments: Command, around: Surroundings): void {
  payments
    .command('list')
    .description('List payments, newest first')
    .option('--limit <number>', 'how many, at most 100', wholeNumber(1, 100), 20)
    .option('--after <id>', 'go on after this payment', idOf('pay'))
    .addOption(new Option('--status <status>').choices(statuses))
    .option('--json', 'print JSON')
    .action(async ({ json, ...filter }: Options) => {
      const page = await connect(around).server.payments.list(filter);
      if (json === true) return around.output.json(page);
      around.output.table(page.data, columns, 'No payments. Make one: payos trigger payment');
      if (page.next !== null) around.output.remark(`More: add --after ${page.next}`);
    });
}
