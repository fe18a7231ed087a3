import { chmodSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { removeCardNumbers, type SettingsResult } from 'payos-contract';

/** The settings, or an end: every mistake on a line of its own on stderr, exit code 1. */
export function settingsOrExit<S>(result: SettingsResult<S>): S {
  // A log that cannot take a warning, on a full disk, is no reason not to start.
  process.stderr.on('error', () => undefined);
  if (result.ok) {
    for (const warning of result.warnings) process.stderr.write(`Warning: ${warning}\n`);
    return result.settings;
  }
  process.stderr.write(`PayOS cannot start:\n${result.mistakes.map((m) => `  ${m}\n`).join('')}`);
  process.exit(1);
}

/** Removes a socket file that nobody listens on any more. @throws Error when somebody does */
export async function freeSocket(path: string): Promise<void> {
  const alive = await new Promise<boolean>((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (alive) throw new Error(`another process listens on ${path}`);
  rmSync(path, { force: true });
}

/** Only the user who runs PayOS may speak on the operator socket. */
export function restrictSocket(path: string): void {
  chmodSync(path, 0o600);
}

/**
 * Runs `stop` once, on SIGTERM, on SIGINT, and when the process that started this one is gone.
 * What has not finished after `graceMs` is cut off.
 */
export function stopGracefully(stop: () => Promise<void>, graceMs: number): void {
  let stopping = false;
  const once = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), graceMs).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', once);
  process.on('disconnect', once);
}

/**
 * What a process says of an error that nobody expected, and of warnings: what and where. Node
 * itself would print all that libraries hang on an error, past the search for card numbers.
 */
export function guardLastWords(): void {
  process.on('uncaughtException', (error: unknown) => {
    process.stderr.write(`PayOS stopped by an unexpected error: ${describeBriefly(error)}\n`);
    process.exit(1);
  });
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    process.stderr.write(`Warning: ${describeBriefly(warning)}\n`);
  });
}

function describeBriefly(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return removeCardNumbers([`${error.name}${code}: ${error.message}`, ...frames].join('\n')).text;
}
