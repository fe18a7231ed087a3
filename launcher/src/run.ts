import { buildCheckout } from './build-checkout.ts';
import { buildDashboard } from './build-dashboard.ts';
import { buildFields } from './build-fields.ts';
import { ensureCertificates } from './certificates.ts';
import type { Child } from './child.ts';
import type { Derived, ProcessName } from './child-settings.ts';
import { now, uptime } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { type Control, takeControl } from './control-socket.ts';
import { dataExists, externalZones, openDatabases } from './databases.ts';
import {
  type AllSettings,
  deriveSettings,
  givenSecrets,
  operatorSocket,
  placesOf,
  portsOf,
  settleInsidePorts,
  vaultSocket,
} from './derive.ts';
import type { ExternalZone } from './external.ts';
import { firstGreeting, laterGreeting, setupGreeting, vaultGreeting } from './greeting.ts';
import { type Layout, prepareLayout } from './layout.ts';
import { type Machine, machineOf, moreNames } from './machine.ts';
import { awaitPorts, checkPorts } from './ports.ts';
import { runProcess } from './processes.ts';
import { ensureQuickstart } from './quickstart.ts';
import { Refusal } from './refusal.ts';
import { phase, say } from './screen.ts';
import { sealedNotice } from './sealed-vault.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import { newSetupLink } from './setup-link.ts';
import { ensureSigningKeys } from './signing-keys.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What runs, filled while it starts, so that a failed or interrupted start can be undone. */
type Installation = {
  control: Control | undefined;
  cluster: Cluster | undefined;
  children: Map<ProcessName, Child>;
  /** Set when somebody wants it stopped: a start that is under way goes no further. */
  stopping: boolean;
};

/** Nothing started yet; {@link start} fills it in, so that a start that fails can be stopped. */
export function emptyInstallation(): Installation {
  return { control: undefined, cluster: undefined, children: new Map(), stopping: false };
}

const passwordFile = ['database-passwords.json'] as const;

/**
 * Starts everything and resolves when it serves.
 *
 * @param running is filled with what has been started so far
 * @throws Refusal when something keeps it from starting
 */
export async function start(
  given: AllSettings,
  env: Environment,
  running: Installation,
): Promise<void> {
  const machine = machineOf(given);
  const layout = prepareLayout(given.PAYOS_DATA_DIR);
  const places = placesOf(given, layout);
  running.control = await takeControl(layout.run, `process ${process.pid}, ${places.api_url}`);
  const zones = externalZones(given, machine.zones);
  if (running.control.afterCrash) {
    const left = awaitPorts(portsOf(given)).catch(() => {});
    await phase('Waiting for the processes of the last run to end', left);
  }
  const settings = await settleInsidePorts(given, env);
  await checkPorts(portsOf(settings));
  const secrets = ensureSecrets(layout.secrets, {
    dataExists: await dataExists(layout, zones),
    given: givenSecrets(settings),
    // Roles of a PostgreSQL that we do not own can be given other passwords.
    replaceable: ['simulator-secret', ...(zones.length > 0 ? passwordFile : [])],
  });
  if (!machine.isVault) {
    await ensureCertificates(layout.tls, now(), moreNames(settings, machine));
    ensureSigningKeys(layout.tls);
  }
  proceed(running);
  await startProcesses({ settings, env, machine, zones }, running, layout, secrets);
  await greet(settings, machine, layout);
  say(`Ready in ${(uptime() / 1000).toFixed(1)} s. Ctrl-C stops everything.`);
}

async function greet(settings: AllSettings, machine: Machine, layout: Layout): Promise<void> {
  const places = placesOf(settings, layout);
  if (machine.isVault) say(vaultGreeting(settings, layout.logs));
  else {
    const socket = operatorSocket(settings, layout);
    const { quickstart, fresh } = await ensureQuickstart(layout.quickstart, socket, places);
    const link = await newSetupLink(socket);
    const greeting = fresh ? firstGreeting : laterGreeting;
    say(greeting(quickstart, layout.logs, layout.quickstart, now().getUTCFullYear()));
    if (link !== undefined) say(setupGreeting(link));
  }
  if (machine.vaultIsElsewhere) return;
  const notice = await sealedNotice(vaultSocket(settings, layout));
  if (notice !== undefined) say(notice);
}

type Plan = {
  settings: AllSettings;
  env: Environment;
  machine: Machine;
  zones: readonly ExternalZone[];
};

async function startProcesses(
  { settings, env, machine, zones }: Plan,
  running: Installation,
  layout: Layout,
  secrets: Secrets,
): Promise<void> {
  const launch = (name: ProcessName, more: Derived) => {
    proceed(running);
    const derived = { ...deriveSettings(name, settings, layout, secrets), ...more };
    const child = runProcess(name, layout, env, derived);
    running.children.set(name, child);
    return child.ready;
  };
  const { runs, isVault } = machine;
  // It needs no database, and so it starts beside the rest.
  const first = runs.filter((name) => name === 'simulator').map((name) => launch(name, {}));
  const built = isVault
    ? phase('Building the secure fields', buildFields())
    : phase(
        'Building dashboard, checkout page and secure fields',
        Promise.all([buildDashboard(), buildFields(), buildCheckout()]),
      );
  built.catch(() => {});
  const { derived } = await openDatabases(layout, zones, secrets, machine.zones, (cluster) => {
    running.cluster = cluster;
    proceed(running);
  });
  await built;
  const others = runs.filter((name) => name !== 'simulator').map((name) => launch(name, derived));
  const outcomes = await phase(
    isVault ? 'Starting the vault' : `Starting ${runs.join(', ')}`,
    Promise.allSettled([...first, ...others]),
  );
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (failed.length > 0) throw new Refusal(failed.map(({ reason }) => reason.message).join('\n'));
}

/** @throws Refusal when the start has been given up */
function proceed(running: Installation): void {
  if (running.stopping) throw new Refusal('The start was interrupted.');
}

/** Stops everything that runs, in the order in which one part needs the other. */
export async function stop(running: Installation): Promise<void> {
  running.stopping = true;
  const groups: ProcessName[][] = [['server', 'worker'], ['vault'], ['simulator']];
  for (const group of groups) {
    await Promise.all(group.map((name) => running.children.get(name)?.stop()));
  }
  await running.cluster?.stop();
  running.control?.release();
}

/** Ends everything at once; nothing that was acknowledged is lost. */
export function killAll(running: Installation): void {
  for (const child of running.children.values()) child.kill();
  running.cluster?.kill();
  running.control?.release();
}
