import { CardFindings } from './card-data/index.ts';
import type { SharedSettings } from './core/config.ts';
import { type Database, openDatabase } from './core/db.ts';
import { createLog, type Log } from './core/log.ts';
import { createMetrics, type Metrics } from './core/metrics.ts';
import { Sealer } from './core/seal.ts';
import { type PaymentDependencies, simulator } from './payments/index.ts';
import { contextSigner, VaultClient } from './vault-client/index.ts';

/** What server and worker both stand on. */
type Foundation = {
  db: Database;
  log: Log;
  metrics: Metrics;
  sealer: Sealer;
  findings: CardFindings;
  payments: PaymentDependencies;
  close(): Promise<void>;
};

/** Opens databases and clients from the settings; nothing listens or runs yet. */
export function assemble(settings: SharedSettings, name: 'server' | 'worker'): Foundation {
  const metrics = createMetrics();
  let findings: CardFindings | undefined;
  const log = createLog(settings.PAYOS_LOG_LEVEL, name, (stream, count) => {
    metrics.cardDataFound.inc({ stream }, count);
    findings?.tell({ stream, place: name, count, isIncident: false });
  });
  const db = openDatabase({
    writeUrl: settings.PAYOS_DB_APP_URL,
    readUrl: settings.PAYOS_DB_READ_URL,
    pool: settings.PAYOS_DB_POOL,
    name: `payos-${name}`,
    log,
    indexesOnly: name === 'worker',
  });
  const sealer = new Sealer(settings.PAYOS_SEALING_KEY);
  findings = new CardFindings({
    db,
    log,
    sealer,
    operatorEmail: settings.PAYOS_OPERATOR_EMAIL,
  });
  const vault = new VaultClient({
    url:
      settings.PAYOS_VAULT_INTERNAL_URL ??
      `https://localhost:${settings.PAYOS_VAULT_INTERNAL_PORT}`,
    cert: settings.PAYOS_INTERNAL_CERT,
    key: settings.PAYOS_INTERNAL_KEY,
    ca: settings.PAYOS_INTERNAL_CA,
    sign: contextSigner(settings.PAYOS_VAULT_SIGNING_KEY, `payos-${name}`),
    log,
    metrics,
  });
  const payments: PaymentDependencies = {
    vault,
    processor: simulator({
      url: settings.PAYOS_SIMULATOR_URL ?? `https://localhost:${settings.PAYOS_SIMULATOR_PORT}`,
      secret: settings.PAYOS_SIMULATOR_SECRET,
      ca: settings.PAYOS_SIMULATOR_CA,
      timeoutMs: settings.PAYOS_PROCESSOR_TIMEOUT_MS,
    }),
    metrics,
    log,
    processorTimeoutMs: settings.PAYOS_PROCESSOR_TIMEOUT_MS,
    resolveAfterMs: settings.PAYOS_RESOLVE_AFTER_MS,
  };
  const close = async () => {
    await findings.stop();
    await Promise.all([db.close(), vault.close()]);
  };
  return { db, log, metrics, sealer, findings, payments, close };
}
