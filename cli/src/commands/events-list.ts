import type { Command } from 'commander';
import type { ListEvents, PayOSEvent } from 'payos-sdk';
import { connect } from '../client.ts';
import type { Column } from '../output.ts';
import { idOf, wholeNumber } from '../parameters.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = Pick<ListEvents, 'limit' | 'after' | 'type' | 'object'> & { json?: true };

const columns: Column<PayOSEvent>[] = [
  { title: 'id', of: (event) => event.id },
  { title: 'type', of: (event) => event.type },
  { title: 'object', of: ({ data }) => ('id' in data ? String(data.id) : undefined) },
  { title: 'created', of: (event) => event.created_at },
];

/** `payos events list` */
export function eventsList(events: Command, around: Surroundings): void {
  events
    .command('list')
    .description('List events, newest first')
    .option('--limit <number>', 'how many, at most 100', wholeNumber(1, 100), 20)
    .option('--after <id>', 'go on after this event', idOf('evt'))
    .option('--type <type>', 'such as payment.succeeded')
    .option('--object <id>', 'only those about one object')
    .option('--json', 'print JSON')
    .action(async ({ json, ...filter }: Options) => {
      const page = await connect(around).server.events.list(filter);
      if (json === true) return around.output.json(page);
      around.output.table(page.data, columns, 'No events.');
      if (page.next !== null) around.output.remark(`More: add --after ${page.next}`);
    });
}
