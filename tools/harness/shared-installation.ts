import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { type Installation, type Place, reach, startInstallation } from './installation.ts';
import { type Mailbox, openMailbox } from './mail-server.ts';

const variable = 'PAYOS_TEST_INSTALLATION';

/**
 * An installation that many test files use at the same time, each with organizations of its own.
 * Not for files that end processes, change settings, make the simulator or the mail server fail, or
 * look at rows of everybody. Mails are told apart by their recipients.
 */
export type SharedInstallation = Omit<Installation, 'mail' | 'place'> & { mail: Mailbox };

/** So that what waits for a processor's silence does not take long. */
const settings = { PAYOS_RESOLVE_AFTER_MS: '300' };

/** Starts the one of this test run. */
export async function shareInstallation(
  cluster: Cluster,
): Promise<{ environment: Record<string, string>; stop(): Promise<void> }> {
  const { directory, place, stop } = await startInstallation({
    cluster,
    settings,
    shared: true,
  });
  const file = join(directory, 'installation.json');
  writeFileSync(file, JSON.stringify(place), { mode: 0o600 });
  chmodSync(directory, 0o711);
  return { environment: { [variable]: file }, stop };
}

/** The installation of this run; a test file that runs by itself gets one of its own. */
export async function enterInstallation(): Promise<SharedInstallation> {
  const file = process.env[variable];
  if (file === undefined) return startInstallation({ settings });
  const place = JSON.parse(readFileSync(file, 'utf8')) as Place;
  return { ...reach(place), mail: openMailbox(place.mailbox), stop: async () => {} };
}
