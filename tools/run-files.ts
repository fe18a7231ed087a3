import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** Longest time for one test that does not set its own `timeout`. */
const testTimeoutMs = 180_000;
/** Longest time for a file: one that was cut off may leave something open that keeps it alive. */
const fileTimeoutMs = 300_000;
/** Each file brings up to four processes of its own, which mostly wait for each other. */
const concurrency = 4;

/**
 * The process of a test run: `node tools/run-files.ts <files…>`. Unlike `node --test` it keeps to
 * the order in which it is given the files.
 */
const results = run({
  files: process.argv.slice(2),
  concurrency,
  timeout: fileTimeoutMs,
  // For tests; the option of `run` is about whole files.
  execArgv: ['--disable-warning=ExperimentalWarning', `--test-timeout=${testTimeoutMs}`],
});
results.on('test:fail', () => {
  process.exitCode = 1;
});
results.compose(new spec()).pipe(process.stdout);
