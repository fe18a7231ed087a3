import { sendPasswordResets, sweepAccess, tellLocks } from './access/index.ts';
import { assemble } from './assemble.ts';
import { tellOfFindings } from './card-data/index.ts';
import { sweepRefusals, tellOfGateEnds } from './card-gate/index.ts';
import { expireSessions } from './checkout/index.ts';
import { awaitDatabase } from './core/await-database.ts';
import type { OnCardData } from './core/card-data.ts';
import { readWorkerSettings } from './core/config.ts';
import { systemContext } from './core/context.ts';
import { buildApp } from './core/http/app.ts';
import { guardLastWords, settingsOrExit, stopGracefully } from './core/http/start-up.ts';
import { sweepIdempotency } from './core/idempotency.ts';
import { repeat } from './core/repeat.ts';
import { describeCards, settleCards } from './customers/index.ts';
import { closeLostForwards, sweepForwards, tellOfRemovals } from './forwarding/index.ts';
import { sweepKeyChanges, sweepNonces, tellOfEnds } from './keys/index.ts';
import { mailSender, sweepMails } from './mail/index.ts';
import { readMember } from './members/index.ts';
import { countOpen, resolveAttempts } from './payments/index.ts';
import { sweepRequests } from './requests/index.ts';
import { serveHealth } from './system/index.ts';
import { startWebhookWorker } from './webhooks/index.ts';

/**
 * The worker process: brings events to webhook endpoints, finds out what became of open attempts,
 * tells the vault about saved cards, tells of locked accounts and of keys that end, mails links to
 * choose a password, sends mail, sweeps. Any number may run; every job claims its rows.
 */
guardLastWords();
const settings = settingsOrExit(await readWorkerSettings(process.env));
const foundation = assemble(settings, 'worker');
const { db, log, metrics, sealer, payments, findings } = foundation;
const onCardData: OnCardData = (found) => findings.tell(found);
const ctx = systemContext({ db, log }, 'worker');
const webhooks = startWebhookWorker({
  db,
  sealer,
  metrics,
  log,
  onCardData,
  egressAllow: settings.PAYOS_EGRESS_ALLOW,
  egressCa: settings.PAYOS_EGRESS_CA,
  timeoutMs: settings.PAYOS_WEBHOOK_TIMEOUT_MS,
  retryScale: settings.PAYOS_WEBHOOK_RETRY_SCALE / 1000,
});
const { PAYOS_SMTP_URL: smtpUrl, PAYOS_MAIL_FROM: from } = settings;
const sendMails = await mailSender({
  db,
  sealer,
  metrics,
  log,
  onCardData,
  publicUrl: settings.PAYOS_PUBLIC_URL ?? `https://localhost:${settings.PAYOS_PORT}`,
  smtp:
    smtpUrl === undefined || from === undefined
      ? undefined
      : {
          url: smtpUrl,
          from,
          ca: settings.PAYOS_SMTP_CA,
        },
});
const jobs = [
  repeat({
    name: 'locks',
    log,
    metrics,
    everyMs: 1_000,
    job: () => tellLocks(ctx, { sealer, readMember }),
  }),
  repeat({
    name: 'password resets',
    log,
    metrics,
    everyMs: 1_000,
    job: () => sendPasswordResets(ctx, sealer),
  }),
  repeat({
    name: 'ends of keys',
    log,
    metrics,
    everyMs: 20_000,
    job: () => tellOfEnds(ctx, sealer),
  }),
  repeat({
    name: 'checkout sessions',
    log,
    metrics,
    everyMs: 1_000,
    job: () => expireSessions(ctx),
  }),
  repeat({
    name: 'ends of card gates',
    log,
    metrics,
    everyMs: 20_000,
    job: () => tellOfGateEnds(ctx, sealer),
  }),
  repeat({
    name: 'findings of card data',
    log,
    metrics,
    everyMs: 60_000,
    job: () => tellOfFindings(ctx, { sealer, operatorEmail: settings.PAYOS_OPERATOR_EMAIL }),
  }),
  repeat({ name: 'mails', log, metrics, everyMs: 500, job: sendMails }),
  repeat({
    name: 'resolve',
    log,
    metrics,
    everyMs: 500,
    job: () => resolveAttempts(ctx, payments),
  }),
  repeat({ name: 'count', log, metrics, everyMs: 5_000, job: () => countOpen(db, metrics) }),
  repeat({
    name: 'cards',
    log,
    metrics,
    everyMs: 1_000,
    job: () => settleCards(ctx, payments.vault),
  }),
  repeat({
    name: 'former cards',
    log,
    metrics,
    everyMs: 1_000,
    job: () => describeCards(ctx, payments.vault),
  }),
  repeat({
    name: 'forwards',
    log,
    metrics,
    everyMs: 5_000,
    job: async () => {
      await tellOfRemovals(ctx, payments.vault);
      await closeLostForwards(ctx, payments.processorTimeoutMs);
    },
  }),
  repeat({
    name: 'sweep',
    log,
    metrics,
    everyMs: 60_000,
    job: () =>
      Promise.all([
        sweepIdempotency(db),
        sweepMails(db),
        sweepAccess(db),
        sweepRequests(db),
        sweepNonces(db),
        sweepKeyChanges(db),
        sweepForwards(db),
        sweepRefusals(db),
      ]),
  }),
];

// The worker serves nobody but those who watch it.
const watch = buildApp({
  surface: 'public',
  routes: [],
  authenticate: () => {
    throw new Error('the worker has no routes');
  },
  db,
  sealer,
  log,
  metrics,
  leaseMs: 0,
  tls: {
    cert: settings.PAYOS_TLS_CERT,
    key: settings.PAYOS_TLS_KEY,
  },
});
serveHealth(watch, { db, metrics, metricsAllow: settings.PAYOS_METRICS_ALLOW });

stopGracefully(async () => {
  await watch.close();
  await Promise.all([webhooks.stop(), ...jobs.map((job) => job.stop())]);
  await foundation.close();
}, 30_000);

await Promise.all([
  watch.listen({ host: '127.0.0.1', port: settings.PAYOS_WORKER_PORT }),
  awaitDatabase(db.write, log),
]);
log.info('ready');
process.send?.({ ready: true });
