import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCheckout } from '../launcher/src/build-checkout.ts';
import { buildDashboard } from '../launcher/src/build-dashboard.ts';
import { buildFields } from '../launcher/src/build-fields.ts';
import { shareBrowser } from './browser.ts';
import { bundleLibraries } from './bundle-libraries.ts';
import { checks } from './checks.ts';
import { clusterEnvironment, startCluster } from './harness/cluster.ts';
import { librariesVariable } from './harness/quick-start.ts';
import { shareInstallation } from './harness/shared-installation.ts';
import { makeMemoryFolder } from './memory-folder.ts';
import { runTests } from './run-tests.ts';
import { findTestFiles, isUnit } from './test-files.ts';

/**
 * `npm test`: types, lint and format while one PostgreSQL starts, then every test file.
 * `npm test -- <files or folders>` runs only these, without the checks before them.
 */
/** A test that has timed out may leave its file running for ever: then the files say which. */
const runTimeoutMs = 20 * 60_000;
const asked = process.argv.slice(2);
const files = filesOrExit();
const startedMs = performance.now();
const phases: { name: string; seconds: string; failed: boolean }[] = [];

const temporary = mkdtempSync(join(tmpdir(), 'payos-'));
const memory = makeMemoryFolder();
const folders = [temporary, memory].filter((folder) => folder !== undefined);
// PostgreSQL runs as another user when the tests run as root, and must reach its folder.
for (const folder of folders) chmodSync(folder, 0o711);
process.env['TMPDIR'] = temporary;

/** What to undo, last first, however the run ends. */
const undo: (() => Promise<void>)[] = [
  async () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  },
];
let cleaning: Promise<void> | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    console.log(`\n${signal}: stopping the tests …`);
    void cleanUp().then(() => process.exit(1));
  });
}

try {
  await run();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
summarize();

function filesOrExit(): string[] {
  try {
    return findTestFiles(asked);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

async function run(): Promise<void> {
  const preparing = phase('PostgreSQL', prepare);
  preparing.catch(() => {});
  const checking = asked.length > 0 ? [] : checks.map(runCheck);
  // All of them are waited for, so that one failure does not cut off what the others say.
  await Promise.allSettled(checking);
  const environment = await preparing;
  if (cleaning !== undefined) return;
  const tests = runTests(asked.length > 0 ? files : together(files), environment);
  undo.push(tests.stop);
  const deadline = setTimeout(() => {
    console.log(`The tests did not end within ${runTimeoutMs / 60_000} minutes: stopping them.`);
    void tests.stop();
  }, runTimeoutMs);
  await phase(`${files.length} test files`, async (fail) => {
    if ((await tests.ended) !== 0) fail();
  });
  clearTimeout(deadline);
}

/** The files to run, with one in the place of all unit tests. */
function together(files: readonly string[]): string[] {
  return [...files.filter((file) => !isUnit(file)), 'tools/unit-tests.ts'];
}

async function prepare(): Promise<Record<string, string>> {
  const [{ cluster, stop }, libraries, browser] = await Promise.all([
    startCluster(memory === undefined ? {} : { within: memory }),
    bundleLibraries(),
    asked.length > 0 ? {} : shareBrowser(mkdtempSync(join(temporary, 'browser-'))),
    buildDashboard(),
    buildFields(),
    buildCheckout(),
  ]);
  undo.push(stop);
  if (cleaning !== undefined) await stop();
  const shared = await shareInstallation(cluster);
  undo.push(shared.stop);
  if (cleaning !== undefined) await shared.stop();
  // Settings of whoever runs the tests must not change what they find.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(PAYOS_(?!TEST_)|(VAULT_)?DATABASE_URL$|PG[A-Z]+$|NODE_OPTIONS$)/.test(name),
  );
  const usual = Object.fromEntries(own) as Record<string, string>;
  const bundled = { [librariesVariable]: libraries };
  return {
    ...usual,
    ...bundled,
    ...browser,
    ...clusterEnvironment(cluster),
    ...shared.environment,
  };
}

async function runCheck({ name, run: check }: (typeof checks)[number]): Promise<void> {
  await phase(name, async (fail) => {
    const { code, output } = await check();
    if (code === 0) return;
    fail();
    console.log(`${name}: failed\n${output}`);
  });
}

async function phase<T>(name: string, work: (fail: () => void) => Promise<T>): Promise<T> {
  const beganMs = performance.now();
  let failed = true;
  try {
    let bad = false;
    const result = await work(() => {
      bad = true;
    });
    failed = bad;
    return result;
  } finally {
    phases.push({ name, seconds: ((performance.now() - beganMs) / 1000).toFixed(1), failed });
    if (failed) process.exitCode = 1;
  }
}

function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    for (const step of undo.reverse()) {
      await step().catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      });
    }
  })();
  return cleaning;
}

function summarize(): void {
  console.log('');
  for (const { name, seconds, failed } of phases) {
    console.log(`${failed ? 'FAILED' : 'ok    '}  ${name.padEnd(18)} ${seconds.padStart(6)} s`);
  }
  const total = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(
    `${process.exitCode ? 'FAILED' : 'ok    '}  ${'in all'.padEnd(18)} ${total.padStart(6)} s`,
  );
}
