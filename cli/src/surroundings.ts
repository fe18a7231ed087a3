import type { Output } from './output.ts';

/** What a command needs from the process it runs in. */
export type Surroundings = {
  env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  directory: string;
  output: Output;
  /** Standard input. */
  input: AsyncIterable<Buffer>;
};
