/** The only file of the SDK that looks at what it runs in. */

/** Value of the environment variable `PAYOS_SECRET_KEY`; `undefined` where there is none. */
export function secretKeyFromEnvironment(): string | undefined {
  return typeof process === 'undefined' ? undefined : process.env.PAYOS_SECRET_KEY;
}

/** Whether this is a browser's page or worker, where everybody can read what the program holds. */
export function inBrowser(): boolean {
  return Reflect.has(globalThis, 'document') || Reflect.has(globalThis, 'importScripts');
}
