import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client';

const labels = ['method', 'route', 'status', 'surface'] as const;

/**
 * What `/metrics` shows. Labels are bounded: route templates, never paths; no ids, no customers.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({
    register: registry,
    prefix: 'payos_',
    // In ms. At the usual 10 an idle process would mostly wake up to look at its clock.
    eventLoopMonitoringPrecision: 100,
  });
  return {
    registry,
    ...signInMetrics(registers),
    ...processorMetrics(registers),
    ...webhookMetrics(registers),
    ...vaultMetrics(registers),
    requestSeconds: new Histogram({
      name: 'payos_request_seconds',
      help: 'Time to answer a request',
      labelNames: labels,
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    refusedPlainHttp: new Counter({
      name: 'payos_plain_http_refused_total',
      help: 'Connections that spoke plain HTTP to the HTTPS port',
      registers,
    }),
    refusedCredentials: new Counter({
      name: 'payos_credentials_refused_total',
      help: 'Requests with a missing, unknown or revoked API key, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
    cardDataRefused: new Counter({
      name: 'payos_card_data_refused_total',
      help: 'API requests that carried what looked like a card number',
      registers,
    }),
    cardDataFound: new Counter({
      name: 'payos_card_data_found_total',
      help: 'What looked like card numbers and was removed from logs and answers',
      labelNames: ['stream'] as const,
      registers,
    }),
    jobFailures: new Counter({
      name: 'payos_job_failures_total',
      help: 'Runs of the worker`s jobs that failed',
      labelNames: ['job'] as const,
      registers,
    }),
    requestsUnlogged: new Counter({
      name: 'payos_requests_unlogged_total',
      help: 'Requests that did not fit into the log of API requests',
      registers,
    }),
    mails: new Counter({
      name: 'payos_mails_total',
      help: 'Attempts to send a mail by outcome',
      labelNames: ['template', 'outcome'] as const,
      registers,
    }),
  };
}

function processorMetrics(registers: Registry[]) {
  return {
    attempts: new Counter({
      name: 'payos_attempts_total',
      help: 'Calls to processors by outcome',
      labelNames: ['processor', 'kind', 'outcome'] as const,
      registers,
    }),
    attemptsOpen: new Gauge({
      name: 'payos_attempts_open',
      help: 'Calls to processors whose outcome nobody knows yet',
      registers,
    }),
    attemptsOpenOldest: new Gauge({
      name: 'payos_attempts_open_oldest_seconds',
      help: 'Age of the oldest of them',
      registers,
    }),
  };
}

function webhookMetrics(registers: Registry[]) {
  return {
    deliveries: new Counter({
      name: 'payos_webhook_attempts_total',
      help: 'Attempts to deliver a webhook by outcome',
      labelNames: ['outcome'] as const,
      registers,
    }),
    outboxWaiting: new Gauge({
      name: 'payos_webhook_deliveries_waiting',
      help: 'Deliveries waiting for their first attempt or a retry',
      labelNames: ['queue'] as const,
      registers,
    }),
  };
}

function vaultMetrics(registers: Registry[]) {
  return {
    vaultQuestions: new Counter({
      name: 'payos_vault_questions_total',
      help: 'Questions to the vault by outcome',
      labelNames: ['outcome'] as const,
      registers,
    }),
    vaultReachable: new Gauge({
      name: 'payos_vault_reachable',
      help: 'Whether the vault answered the last question',
      registers,
    }),
  };
}

function signInMetrics(registers: Registry[]) {
  return {
    passwordChecks: new Counter({
      name: 'payos_password_checks_total',
      help: 'Passwords and recovery codes that were hashed to compare them',
      registers,
    }),
    signInSteps: new Counter({
      name: 'payos_sign_in_steps_total',
      help: 'Steps of signing in and of proving oneself again, by factor and outcome',
      labelNames: ['proof', 'outcome'] as const,
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
