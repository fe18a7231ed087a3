import { type SettingName, settingsTable } from 'payos-contract/settings';
import { loadSettings } from 'payos-secrets';
import { withFetched } from './child-settings.ts';
import { uptime } from './clock.ts';
import { messageOf, Refusal } from './refusal.ts';
import { emptyInstallation, killAll, start, stop } from './run.ts';
import { complain, phase, say } from './screen.ts';

/** Signals closer together than this are one Ctrl-C, which npm passes on once more. */
const sameKeystrokeMs = 500;

process.umask(0o077);
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const running = emptyInstallation();
let started: Promise<void> = Promise.resolve();
let stopping: number | undefined;

/** Twice, because a start that is under way may still have brought something up meanwhile. */
async function shutDown(code: number): Promise<never> {
  await stop(running).catch((error) => complain(messageOf(error)));
  await started.catch(() => {});
  await stop(running).catch((error) => complain(messageOf(error)));
  process.exit(code);
}

function onSignal(): void {
  if (stopping === undefined) {
    stopping = uptime();
    say('Stopping …');
    void shutDown(0);
  } else if (uptime() - stopping > sameKeystrokeMs) {
    complain('Stopped by force.');
    killAll(running);
    process.exit(1);
  }
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

const names = Object.keys(settingsTable) as SettingName[];
const parsed = await phase('Reading the settings', loadSettings(process.env, names, []));
if (!parsed.ok) {
  for (const mistake of parsed.mistakes) complain(mistake);
  process.exit(1);
}
for (const warning of parsed.warnings) complain(`Warning: ${warning}`);
started = start(parsed.settings, withFetched(process.env, parsed.fetched), running);
started.catch((error) => {
  if (stopping !== undefined) return;
  stopping = uptime();
  complain(error instanceof Refusal ? error.message : `PayOS cannot start: ${String(error)}`);
  void shutDown(1);
});
