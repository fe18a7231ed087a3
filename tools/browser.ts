import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Nothing of the machine, nothing from the network, no crash when run as root. */
const flags = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

const isBundled = process.platform === 'linux' && process.arch === 'x64';
const sharedVariable = 'PAYOS_TEST_BROWSER';

export type TestBrowser = { browser: Browser; stop(): Promise<void> };
type TestProfile = { context: BrowserContext; stop(): Promise<void> };

type LaunchOptions = NonNullable<Parameters<typeof chromium.launch>[0]>;
type Launch<T> = (options: LaunchOptions) => Promise<T>;

/**
 * Starts a Chromium: on Linux on x64 the one from npm with its own libraries and fonts, elsewhere
 * the Chrome of the machine. `PAYOS_TEST_CHROME` names another program.
 *
 * @returns undefined, after saying so, where there is none
 */
export async function startBrowser(): Promise<TestBrowser | undefined> {
  const started = await start((options) => chromium.launch({ ...options, args: flags }));
  return started && { browser: started.opened, stop: started.stop };
}

/**
 * The same as somebody uses it at home: what it keeps is in a folder, and stays there.
 *
 * @param more flags of Chromium
 */
export async function startProfile(
  folder: string,
  more: readonly string[],
): Promise<TestProfile | undefined> {
  const args = [...flags, ...more];
  const started = await start((options) =>
    chromium.launchPersistentContext(folder, { ...options, args }),
  );
  return started && { context: started.opened, stop: started.stop };
}

type Started<T> = { opened: T; stop(): Promise<void> };

async function start<T extends { close(): Promise<void> }>(
  launch: Launch<T>,
): Promise<Started<T> | undefined> {
  const chosen = process.env['PAYOS_TEST_CHROME'];
  const started = async (options: LaunchOptions): Promise<Started<T>> => {
    const opened = await launch({ ...options, chromiumSandbox: false });
    return { opened, stop: () => opened.close() };
  };
  if (chosen !== undefined) return started({ executablePath: chosen });
  if (isBundled) return startBundled(started);
  try {
    return await started({ channel: 'chrome' });
  } catch {
    console.error('NO BROWSER: these tests are skipped. Set PAYOS_TEST_CHROME to a Chrome.');
    return undefined;
  }
}

/**
 * Unpacks the browser once for all test files of a run.
 *
 * @returns what names it to their processes; nothing where the browser is the machine's
 */
export async function shareBrowser(folder: string): Promise<Record<string, string>> {
  if (!isBundled || process.env['PAYOS_TEST_CHROME'] !== undefined) return {};
  await unpack(folder);
  return { [sharedVariable]: folder };
}

async function startBundled<T>(launch: Launch<Started<T>>): Promise<Started<T>> {
  const home = mkdtempSync(join(tmpdir(), 'payos-browser-'));
  const remove = async () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    const shared = process.env[sharedVariable];
    const folder = shared ?? home;
    if (shared === undefined) await unpack(folder);
    const env = {
      HOME: home,
      TMPDIR: home,
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
    };
    const { opened, stop } = await launch({ executablePath: join(folder, 'chromium'), env });
    return { opened, stop: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Without a font Chromium crashes on the first word. These are the ones it came with. */
function writeFontSettings(folder: string): void {
  const places = `<dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir>`;
  const text = `<?xml version="1.0"?><fontconfig>${places}</fontconfig>\n`;
  writeFileSync(join(folder, 'fonts.conf'), text);
}

/** Unpacks what npm has brought: the program, its libraries, fonts. All of it into one folder. */
async function unpack(folder: string): Promise<void> {
  // The package takes the folder from the environment.
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    const { inflate } = await import('@sparticuz/chromium');
    const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'));
    const archives = join(dirname(dirname(entry)), 'bin');
    const names = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'];
    await Promise.all(names.map((name) => inflate(join(archives, name))));
    writeFontSettings(folder);
  } finally {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  }
}
