import { InvalidRequestError } from './errors.ts';

/** The only file of the SDK that looks at what it runs in. */

/**
 * The key that the environment gives: the variable `PAYOS_SECRET_KEY`, or the content of the file
 * that `PAYOS_SECRET_KEY_FILE` names, less a line break at its end.
 *
 * @returns undefined where there is none
 * @throws InvalidRequestError when both are set, or the file cannot be read
 */
export function secretKeyFromEnvironment(): string | undefined {
  if (typeof process === 'undefined') return undefined;
  const { PAYOS_SECRET_KEY: key, PAYOS_SECRET_KEY_FILE: file } = process.env;
  if (file === undefined || file === '') return key;
  if (key !== undefined && key !== '') {
    throw new InvalidRequestError({
      code: 'configuration',
      title: 'PAYOS_SECRET_KEY and PAYOS_SECRET_KEY_FILE are both set.',
      fix: 'Set one of the two.',
    });
  }
  return readKeyFile(file);
}

function readKeyFile(path: string): string {
  try {
    const { readFileSync } = process.getBuiltinModule('node:fs');
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw new InvalidRequestError({
      code: 'configuration',
      // Not its path: it may be the key itself, put into the wrong variable.
      title: `The file that PAYOS_SECRET_KEY_FILE names cannot be read (${code ?? 'no files'}).`,
      fix: 'Give the path of a file with the key in it, and let this program read it.',
    });
  }
}

/** Whether this is a browser's page or worker, where everybody can read what the program holds. */
export function inBrowser(): boolean {
  return Reflect.has(globalThis, 'document') || Reflect.has(globalThis, 'importScripts');
}
