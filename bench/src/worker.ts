import { inspect } from 'node:util';

/** What a process of the benchmark can be. Each is a module whose `commands` can be called. */
const roles = {
  load: () => import('./roles/load.ts'),
  wire: () => import('./roles/wire.ts'),
  sql: () => import('./roles/sql.ts'),
  'bare-vault': () => import('./roles/bare-vault.ts'),
  'bare-reads': () => import('./roles/bare-reads.ts'),
  keyless: () => import('./roles/keyless.ts'),
  receiver: () => import('./roles/receiver.ts'),
};

export type Role = keyof typeof roles;
export type Call = { call: number; what: string; input: unknown };
export type Reply = { call: number; result?: unknown; error?: string };

type Commands = Record<string, (input: never) => unknown>;

process.on('message', (message: Call) => void answer(message));
process.on('disconnect', () => process.exit());
const { commands } = (await roles[process.argv[2] as Role]()) as { commands: Commands };
process.send?.('ready');

async function answer({ call, what, input }: Call): Promise<void> {
  try {
    const result = await commands[what]?.(input as never);
    process.send?.({ call, result } satisfies Reply);
  } catch (error) {
    process.send?.({ call, error: inspect(error) } satisfies Reply);
  }
}
