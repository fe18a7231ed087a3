import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/**
 * Loaded before anything else by the processes of a test run (`--import`): what our own code
 * imports of a bundled library comes from its bundle. It lies among the bundles as a copy; see
 * `bundle-libraries.ts`.
 */
const list = readFileSync(new URL('libraries.json', import.meta.url), 'utf8');
/** @type {Record<string, string>} the file of each library, by name */
const files = JSON.parse(list);
registerHooks({
  resolve(specifier, context, next) {
    const file = files[specifier];
    // Libraries among themselves may need other versions.
    if (file === undefined || context.parentURL?.includes('/node_modules/')) {
      return next(specifier, context);
    }
    return { url: new URL(file, import.meta.url).href, format: 'module', shortCircuit: true };
  },
});
