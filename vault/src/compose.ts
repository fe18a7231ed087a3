import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import { createSecureContext, rootCertificates } from 'node:tls';
import { AddressGuard, resolveHost } from 'payos-egress';
import { createCardDataReports } from './api/card-data-reports.ts';
import { createKeyCheck } from './api/check-key.ts';
import { createExposureReports, type ExposureReports } from './api/exposed-keys.ts';
import { internalRoutes } from './api/internal.ts';
import { createKeyChannel } from './api/key-channel.ts';
import { createKeyMemory } from './api/key-memory.ts';
import { createKeyServer, type InternalTls } from './api/key-server.ts';
import { createKeyUses } from './api/key-uses.ts';
import { createContextCheck, type Signers } from './api/request-context.ts';
import { allPublicRoutes } from './api/reveal.ts';
import type { BinTable } from './cards/bins.ts';
import { awaitDatabase } from './core/await-database.ts';
import { monotonicMs, nowMs } from './core/clock.ts';
import { connectionLifeMs, type Db, openDb } from './core/db.ts';
import { createListener, hardenServer, type Routes } from './core/listener.ts';
import { type LiveMode, watchLiveMode } from './core/live-mode.ts';
import type { Log, OnCardData } from './core/log.ts';
import { Refusal } from './core/problem.ts';
import { newNodeName } from './core/random.ts';
import { createRateLimiter } from './core/rate-limit.ts';
import { listen, stopServers } from './core/servers.ts';
import { findStatementLogging, lasting } from './core/statement-logging.ts';
import { refusePlainHttp } from './core/tls-front.ts';
import { createUsedOnce } from './core/used-once.ts';
import { createCvcMemory } from './cvc-memory.ts';
import { type OpenFields, openFields } from './fields/routes.ts';
import { createClaims } from './forward/claim-together.ts';
import { createSettlements } from './forward/settle.ts';
import { openRoots, type Roots, refuseWhileSealed } from './open-roots.ts';
import { type OperatorDeps, operatorRoutes } from './operator/routes.ts';
import { listenOperator } from './operator/socket.ts';
import type { KeyProvider } from './seal/key-provider.ts';
import { isLocked } from './seal/locked-provider.ts';
import { startSweeper } from './sweeper.ts';
import { createTokenWriter } from './tokens/write-token.ts';

/** The settings of the process, by what they mean here. */
export type VaultSettings = {
  host: string;
  publicPort: number;
  internalHost: string;
  internalPort: number;
  /** Where the server answers about API keys, e.g. `https://localhost:8445`. */
  serverUrl: string;
  databaseUrl: string;
  poolSize: number;
  /** The operator accepts a root key on the disk in live mode. */
  liveWithKeyringFile: boolean;
  /** Finds what would let the memory of this process out: live cards are not taken with it. */
  findWeaknesses: () => string[];
  /** Folder with what was built of the secure fields; may be missing. */
  fieldsFolder: string;
  /** `host:port` entries. */
  forwardHosts: readonly string[];
  /** Thumbprints of the only keys that live cards may be sealed to. */
  revealKeys: ReadonlySet<string>;
  /** Hosts to which merchants may have cards of live mode sent; `*` is any. */
  forwardDestinations: readonly string[];
  /** CIDR ranges that requests of merchants may go to although they are private. */
  egressAllow: readonly string[];
  /** Nothing is opened with a key that was unwrapped longer ago than this. */
  keyCacheMs: number;
  /** Path of the operator's Unix socket; none without. */
  operatorSocket: string | undefined;
  /** How long a key has to be retired before it can be destroyed. */
  destroyWaitMs: number;
  /** Refused credentials per second and address. */
  refusalsPerSecond: number;
  visitorsPerSecond: number;
};

/** What was read from files at start. */
export type VaultFiles = {
  tls: { cert: string; key: string };
  internal: InternalTls;
  /** CA of the processors' certificates; without it, those the runtime trusts. */
  processorCa: string | undefined;
  /** Trusted beside the usual roots where merchants have cards sent. */
  egressCa: string | undefined;
  provider: KeyProvider;
  /** What is known about numbers by how they begin. */
  bins: BinTable;
  /** Who signs requests on the internal port. */
  signers: Signers;
};

const readinessMs = 1_000;
/** Longer than a context holds, counted from before it was made. */
const contextMemoryMs = 40_000;
/** Contexts remembered in that time: above what one process can answer. */
const contextsMax = 1_000_000;

/**
 * Puts the vault together and starts it. Throws when the database or a port cannot be used.
 *
 * @returns how to stop it: no new requests, those under way get ten seconds
 */
export async function startVault(
  settings: VaultSettings,
  files: VaultFiles,
  log: Log,
  onCardData: OnCardData,
): Promise<() => Promise<void>> {
  const db = openDb(settings.databaseUrl, settings.poolSize, log);
  const { provider } = files;
  await awaitDatabase(db);
  const roots = await openRoots(db, provider, settings.keyCacheMs, log);
  const { keks } = roots;
  const cvcs = createCvcMemory(monotonicMs);
  const keyServer = createKeyServer(settings.serverUrl, files.internal);
  onCardData(createCardDataReports(keyServer, log));
  const memory = createKeyMemory(monotonicMs);
  const uses = createKeyUses(monotonicMs);
  const clocks = { clock: monotonicMs, wallClock: nowMs };
  const node = newNodeName();
  const channel = createKeyChannel({ node, server: keyServer, memory, uses, log, ...clocks });
  const keyCheck = createKeyCheck({
    server: keyServer,
    channel,
    memory,
    log,
    clock: monotonicMs,
    refusals: createRateLimiter(50_000, monotonicMs),
    refusalsPerSecond: settings.refusalsPerSecond,
  });
  const agent = processorAgent(files.processorCa);
  const isRootFit = provider.fitForLive || settings.liveWithKeyringFile;
  const liveMode = await watchLiveMode({
    look: findAllWeaknesses(settings, log),
    unfitRoot: isRootFit ? undefined : unfitRoot,
    log,
  });
  const shared = { db, keks, cvcs, bins: files.bins, liveMode, clock: nowMs };
  const exposures = createExposureReports(keyServer, createRateLimiter(10_000, monotonicMs), log);
  const atTheDoor = {
    ...shared,
    exposures,
    writeToken: createTokenWriter(db),
    keyCheck,
    uses,
    ...limitersOf(settings),
    readiness: atMostEvery(readinessMs, roots.checkReady),
  };
  const { revealKeys } = settings;
  const routes = allPublicRoutes({ ...atTheDoor, log, server: keyServer, revealKeys });
  const fields = openFields(settings.fieldsFolder, { keyCheck, liveMode, log });
  const inside = internalRoutes({
    ...shared,
    ...sending(db, settings, files, agent),
    log,
    audience: node,
    checkContext: contextCheck(files.signers, node),
  });
  const servers = await listenOn(settings, [
    publicServer(routes, fields, files, log, exposures, roots),
    internalServer(inside, files, log, roots),
  ]);
  const door = await openDoor({ ...settings, liveMode }, { db, ...roots, provider, log });
  const stopSweeper = startSweeper(db, cvcs, log);
  return async () => {
    await stopServers([...servers, ...door]);
    await Promise.all([stopSweeper(), liveMode.stop(), roots.stop()]);
    await channel.stop();
    keyServer.close();
    agent.destroy();
    await provider.close();
    await db.close();
  };
}

/** How often somebody may ask. */
function limitersOf({ visitorsPerSecond }: VaultSettings) {
  const keyLimiter = createRateLimiter(50_000, monotonicMs);
  const visitorLimiter = createRateLimiter(50_000, monotonicMs);
  const toldLimiter = createRateLimiter(10_000, monotonicMs);
  return { keyLimiter, visitorLimiter, visitorsPerSecond, toldLimiter };
}

const noDoor =
  'The keyring is in the hands of custodians, who give their shares over a socket: set ' +
  'PAYOS_VAULT_OPERATOR_SOCKET.';

const unfitRoot =
  'The root of the keys is a file beside the data: use a key service or custodians, see ' +
  'docs/vault-keys.md, or set PAYOS_ALLOW_KEYRING_FILE_IN_LIVE.';

function findAllWeaknesses(settings: VaultSettings, log: Log): () => Promise<string[]> {
  const { findWeaknesses, databaseUrl } = settings;
  const logging = () => findStatementLogging(databaseUrl, log);
  const ofDatabase = lasting(logging, connectionLifeMs, monotonicMs);
  return async () => [...findWeaknesses(), ...(await ofDatabase())];
}

function contextCheck(signers: Signers, audience: string) {
  const used = createUsedOnce(contextMemoryMs, contextsMax, monotonicMs);
  return createContextCheck({ signers, audience, used, clock: nowMs });
}

async function listenOn(settings: VaultSettings, servers: readonly [Server, Server]) {
  const { host, publicPort, internalHost, internalPort } = settings;
  await listen(servers[0], publicPort, host, 'PAYOS_VAULT_PORT');
  await listen(servers[1], internalPort, internalHost, 'PAYOS_VAULT_INTERNAL_PORT');
  return servers;
}

/** The operator's socket, where one is set. */
async function openDoor(
  settings: VaultSettings & { liveMode: LiveMode },
  deps: Omit<OperatorDeps, 'destroyWaitMs' | 'settings'>,
): Promise<HttpServer[]> {
  const { operatorSocket, destroyWaitMs } = settings;
  if (operatorSocket === undefined && isLocked(deps.provider)) throw new Error(noDoor);
  if (operatorSocket === undefined) return [];
  const routes = operatorRoutes({ ...deps, destroyWaitMs, settings });
  return [await listenOperator(operatorSocket, createListener(routes, deps.log))];
}

function publicServer(
  routes: Routes,
  fields: OpenFields,
  { tls }: VaultFiles,
  log: Log,
  exposures: ExposureReports,
  roots: Roots,
): Server {
  const guard = guardOf(exposures, fields, roots);
  const listener = createListener({ ...routes, ...fields.routes }, log, { guard });
  const server = createServer(
    { ...tls, minVersion: 'TLSv1.2', handshakeTimeout: 10_000, maxHeaderSize: 16 * 1024 },
    listener,
  );
  hardenServer(server, listener);
  refusePlainHttp(server, log, (head, address) => {
    exposures.lookAt(head, 'plain_http', address);
  });
  return server;
}

/** Both ends are PayOS, so TLS 1.3 only, and nobody without a certificate of the internal CA. */
function internalServer(routes: Routes, { internal }: VaultFiles, log: Log, roots: Roots): Server {
  const guard = refuseWhileSealed(roots);
  const listener = createListener(routes, log, { keepsIds: true, guard });
  const server = createServer(
    {
      ...internal,
      minVersion: 'TLSv1.3',
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: 10_000,
    },
    listener,
  );
  hardenServer(server, listener);
  return server;
}

/** What is refused wherever it was sent. */
function guardOf(
  exposures: ExposureReports,
  fields: OpenFields,
  roots: Roots,
): (request: IncomingMessage) => void {
  const whileSealed = refuseWhileSealed(roots);
  return (request) => {
    const { url, socket } = request;
    // URLs end up in logs and histories, wherever they lead.
    if (exposures.lookAt(url ?? '', 'url', socket.remoteAddress ?? '')) {
      throw new Refusal('key_in_url');
    }
    fields.requireBuild(request);
    whileSealed(request);
  };
}

/**
 * Connections to processors. An idle one is closed before the other side is likely to do it: a
 * request into a connection that just died has an unknown outcome.
 */
function processorAgent(ca: string | undefined): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets: 64,
    maxFreeSockets: 64,
    timeout: 3_000,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
  });
}

/** What cards are sent with, and where they may go. */
function sending(db: Db, settings: VaultSettings, files: VaultFiles, agent: Agent) {
  return {
    claimCard: createClaims(db),
    settleForward: createSettlements(db),
    agent,
    allowedHosts: new Set(settings.forwardHosts),
    outside: outsideOf(settings, files),
  };
}

/** The way to hosts that merchants name. No connection is kept, and the roots are parsed once. */
function outsideOf(settings: VaultSettings, { egressCa }: VaultFiles) {
  const ca = egressCa === undefined ? [...rootCertificates] : [...rootCertificates, egressCa];
  return {
    guard: new AddressGuard(settings.egressAllow),
    liveHosts: settings.forwardDestinations,
    resolve: resolveHost,
    secureContext: createSecureContext({ ca, minVersion: 'TLSv1.2' }),
  };
}

/** Probes are open to everybody, so that they must not become load on the database. */
function atMostEvery(ms: number, check: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> | undefined;
  let until = 0;
  return () => {
    if (last === undefined || until <= monotonicMs()) {
      last = check();
      until = monotonicMs() + ms;
    }
    return last;
  };
}
