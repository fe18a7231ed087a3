import type { FastifyInstance } from 'fastify';
import { standings } from 'payos-contract';
import { authenticateBySession, openAccess, readSessionCookie } from './access/index.ts';
import { assemble } from './assemble.ts';
import { weakened } from './assessment/index.ts';
import { closeForKeys, readPassage } from './card-gate/index.ts';
import { authenticateByCheckout, serveCheckoutPage, serveLogos } from './checkout-page/index.ts';
import { awaitDatabase } from './core/await-database.ts';
import type { OnCardData } from './core/card-data.ts';
import { readServerSettings } from './core/config.ts';
import { systemContext } from './core/context.ts';
import { type AppOptions, buildApp } from './core/http/app.ts';
import type { Authenticate } from './core/http/identity.ts';
import {
  freeSocket,
  guardLastWords,
  restrictSocket,
  settingsOrExit,
  stopGracefully,
} from './core/http/start-up.ts';
import { serveDashboard } from './dashboard/index.ts';
import { authenticatePeer } from './internal/authenticate-peer.ts';
import {
  authenticateByKey,
  authenticateScanner,
  KeyFeed,
  KeyMemory,
  KeyUses,
  KeyVerifier,
  loadPepper,
  Nonces,
  openScannerKeys,
  presentsKey,
  Signers,
  VaultChannel,
  watchExposed,
} from './keys/index.ts';
import { serveReference } from './reference/index.ts';
import { RequestLog } from './requests/index.ts';
import { allRoutes } from './routes.ts';
import { serveHealth } from './system/index.ts';

/** The server process: the public API, the operator socket, and the port the vault asks. */
guardLastWords();
const settings = settingsOrExit(await readServerSettings(process.env));
const foundation = assemble(settings, 'server');
const { db, log, metrics, sealer, payments, findings } = foundation;
const onCardData: OnCardData = (found) => findings.tell(found);
const pepper = loadPepper(settings.PAYOS_KEY_PEPPER);
const memory = new KeyMemory();
const keyFeed = new KeyFeed({ db, memory, log, metrics });
const verifier = new KeyVerifier({
  pepper,
  db,
  memory,
  databaseClock: keyFeed.databaseClock,
  isTrusted: () => keyFeed.isTrusted(),
});
const uses = new KeyUses({ db, log, metrics });
const onExposed = closeForKeys({ sealer, propagating: keyFeed });
const exposed = watchExposed({
  ctx: systemContext({ db, log }, 'exposed_keys'),
  pepper,
  sealer,
  onExposed,
});
const keyRate = settings.PAYOS_RATE_LIMIT;
const egressAllow = settings.PAYOS_EGRESS_ALLOW;
const apiUrl = settings.PAYOS_PUBLIC_URL ?? `https://localhost:${settings.PAYOS_PORT}`;
const access = await openAccess({
  sealer,
  metrics,
  publicUrl: apiUrl,
  breachedPasswordsFile: settings.PAYOS_BREACHED_PASSWORDS_FILE,
  canMail: settings.PAYOS_MAIL_FROM !== undefined,
});
const vaultUrl =
  settings.PAYOS_VAULT_PUBLIC_URL ?? `https://localhost:${settings.PAYOS_VAULT_PORT}`;
const routes = allRoutes({
  db,
  publicUrl: apiUrl,
  access,
  assessment: { urls: { api: apiUrl, vault: vaultUrl }, weakened: weakened(settings) },
  payments,
  pepper,
  verifier,
  propagating: keyFeed,
  vaultChannel: new VaultChannel(keyFeed),
  uses,
  exposed,
  onExposed,
  onCardData,
  keyRate,
  passageOf: (scope) => readPassage(db, scope),
  sealer,
  egressAllow,
  forwardHourly: settings.PAYOS_FORWARD_HOURLY,
});
// Longer than a processor call and the status query that may follow it, so that a request is never
// taken up again while it runs.
const leaseMs = 2 * settings.PAYOS_PROCESSOR_TIMEOUT_MS + 15_000;
const common: Omit<AppOptions, 'surface' | 'authenticate'> = {
  routes,
  db,
  sealer,
  log,
  metrics,
  leaseMs,
  onCardData,
};

const byKey = authenticateByKey({
  verifier,
  uses,
  exposed,
  signers: new Signers({
    verifier,
    databaseClock: keyFeed.databaseClock,
    publicUrl: apiUrl,
    addressRate: settings.PAYOS_RATE_LIMIT_ADDRESS,
  }),
  nonces: new Nonces(db),
  metrics,
  log,
  keyRate,
  addressRate: settings.PAYOS_RATE_LIMIT_ADDRESS,
});
const bySession = authenticateBySession({
  db,
  origin: new URL(apiUrl).origin,
  rate: keyRate,
  signInRate: settings.PAYOS_SIGN_IN_RATE,
  addressRate: settings.PAYOS_RATE_LIMIT_ADDRESS,
});
const byScanner = authenticateScanner(
  openScannerKeys({
    source: settings.PAYOS_SECRET_SCANNING_KEYS,
    egress: { allow: egressAllow, ca: settings.PAYOS_EGRESS_CA },
    log,
  }),
);
const byCheckout = authenticateByCheckout({
  db,
  addressRate: settings.PAYOS_RATE_LIMIT_ADDRESS,
});
/** Programs send a key or sign, browsers send a cookie. A key is what counts. */
const authenticate: Authenticate = (request, route) => {
  const ofPeople = Object.hasOwn(standings, route.permission);
  const hasKey = presentsKey(request);
  const hasSession = readSessionCookie(request.raw) !== undefined;
  if (route.permission === 'checkout:visit') return byCheckout(request, route);
  if (route.fromPrograms) return byScanner(request, route);
  // A key is not looked at where nobody needs one: it would open a way past the limits on guessing.
  if (route.permission === 'anyone') return bySession(request, route);
  return !hasKey && (ofPeople || hasSession) ? bySession(request, route) : byKey(request, route);
};

const requestLog = new RequestLog({ db, log, metrics });
const publicApp = buildApp({
  ...common,
  surface: 'public',
  authenticate,
  onAnswered: (answered) => requestLog.note(answered),
  onExposedKey: exposed.tell,
  tls: {
    cert: settings.PAYOS_TLS_CERT,
    key: settings.PAYOS_TLS_KEY,
  },
});
serveHealth(publicApp, {
  db,
  metrics,
  metricsAllow: settings.PAYOS_METRICS_ALLOW,
  complaint: () => keyFeed.complaint(),
  remark: () => payments.vault.remark(),
});
serveLogos(publicApp, db);
serveCheckoutPage(publicApp, {
  vaultUrl,
  folder: new URL('../../checkout/dist/', import.meta.url),
  fields: new URL('../../fields/integrity.json', import.meta.url),
});
serveReference(publicApp, { apiUrl, vaultUrl });
serveDashboard(publicApp, {
  apiUrl,
  vaultUrl,
  folder: new URL('../../dashboard/dist/', import.meta.url),
});

const internalApp = buildApp({
  ...common,
  surface: 'internal',
  authenticate: authenticatePeer(['payos-vault']),
  tls: {
    cert: settings.PAYOS_INTERNAL_CERT,
    key: settings.PAYOS_INTERNAL_KEY,
    ca: settings.PAYOS_INTERNAL_CA,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  },
});

const operatorApp = buildApp({
  ...common,
  surface: 'operator',
  // Whoever may open the socket file is the operator; its mode is 0600.
  authenticate: () => ({
    actor: { type: 'operator', id: 'local' },
    scope: undefined,
    apiVersion: undefined,
    rate: undefined,
  }),
});

const apps: FastifyInstance[] = [publicApp, internalApp, operatorApp];
stopGracefully(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await Promise.all([requestLog.stop(), exposed.stop(), uses.stop(), keyFeed.stop()]);
  await foundation.close();
}, 15_000);

await Promise.all([
  publicApp.listen({ host: settings.PAYOS_HOST, port: settings.PAYOS_PORT }),
  internalApp.listen({ host: settings.PAYOS_INTERNAL_HOST, port: settings.PAYOS_INTERNAL_PORT }),
  listenOperator(settings.PAYOS_OPERATOR_SOCKET),
  awaitDatabase(db.write, log),
  keyFeed.start(),
]);
log.info({ port: settings.PAYOS_PORT }, 'ready');
process.send?.({ ready: true });

async function listenOperator(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  await freeSocket(path);
  await operatorApp.listen({ path });
  restrictSocket(path);
}
