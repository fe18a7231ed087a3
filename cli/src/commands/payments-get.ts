import type { Command } from 'commander';
import type { PaymentWithAttempts } from 'payos-sdk';
import { connect } from '../client.ts';
import type { Column } from '../output.ts';
import { idOf } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Attempt = PaymentWithAttempts['attempts'][number];

const columns: Column<Attempt>[] = [
  { title: 'attempt', of: (attempt) => attempt.id },
  { title: 'kind', of: (attempt) => attempt.kind },
  { title: 'state', of: (attempt) => attempt.state },
  { title: 'minor units', of: (attempt) => attempt.amount },
  { title: 'processor', of: (attempt) => attempt.processor },
  { title: 'why', of: (attempt) => attempt.decline_code ?? attempt.failure },
  { title: 'created', of: (attempt) => attempt.created_at },
];

/** `payos payments get` */
export function paymentsGet(payments: Command, around: Surroundings): void {
  payments
    .command('get')
    .description('Show a payment and its attempts')
    .argument('<payment>', 'its id, pay_…', idOf('pay'))
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: { json?: true }) => {
      const payment = await connect(around).server.payments.retrieve(id);
      if (json === true) return around.output.json(payment);
      const { attempts, card, metadata, ...plain } = payment;
      const shown = { ...plain, card: `${card.brand} ${card.last4}`, ...metadata };
      for (const [name, value] of Object.entries(shown)) {
        if (value !== null) around.output.line(`${name}: ${value}`);
      }
      around.output.table(attempts, columns, 'No attempts.');
    });
}
