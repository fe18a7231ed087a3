import { createOutput } from './output.ts';
import { runCli } from './run.ts';

// `payos … | head` closes our output early, which is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  directory: process.cwd(),
  output: createOutput(process.stdout, process.stderr),
  get input() {
    return process.stdin;
  },
});
