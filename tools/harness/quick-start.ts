import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What tells the test files of a run where the bundled libraries are; see `bundleLibraries`. */
export const librariesVariable = 'PAYOS_TEST_LIBRARIES';

const usualCache = join(import.meta.dirname, '../../node_modules/.cache/payos');
const hook = process.env[librariesVariable];

/** For processes of tests, as under `npm start`: what one has compiled, the next ones only load. */
export const compileCache = {
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? usualCache,
};

/** Flags of Node with which a process loads bundled libraries; none where nobody has made them. */
export const libraryFlags = hook === undefined ? [] : ['--import', pathToFileURL(hook).href];

/** Settings of a vault that may be asked to take live cards. */
const forLive = /^PAYOS_(?:ALLOW_KEYRING_FILE_IN_LIVE|VAULT_KEY_PROVIDER|VAULT_OPERATOR_SOCKET)$/;

/** A vault takes no live cards when it was started with more than itself: those run without. */
export const vaultLibraryFlags = (settings: Readonly<Record<string, string>>) =>
  Object.keys(settings).some((name) => forLive.test(name)) ? [] : libraryFlags;
