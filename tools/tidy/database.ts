import { isTest, type Rule, type Source } from './source.ts';

/** Which feature writes which table of the control plane. A table that is not listed is refused. */
const writers: Record<string, string> = {
  organizations: 'organizations',
  organization_brandings: 'organizations',
  api_keys: 'keys',
  api_key_policies: 'keys',
  api_key_reminders: 'keys',
  api_key_uses: 'keys',
  api_key_permission_uses: 'keys',
  api_key_spending: 'keys',
  key_nodes: 'keys',
  key_changes: 'keys',
  key_change_acks: 'keys',
  signature_nonces: 'keys',
  card_gate_attestations: 'card-gate',
  card_gate_reminders: 'card-gate',
  reveal_keys: 'card-gate',
  reveals: 'card-gate',
  reveal_refusals: 'card-gate',
  card_data_findings: 'card-data',
  accounts: 'access',
  passkeys: 'access',
  totp_factors: 'access',
  recovery_codes: 'access',
  webauthn_challenges: 'access',
  sessions: 'access',
  one_time_links: 'access',
  password_reset_requests: 'access',
  members: 'members',
  roles: 'members',
  invitations: 'members',
  factor_resets: 'members',
  security_policies: 'members',
  mails: 'mail',
  api_requests: 'requests',
  idempotency_keys: 'core',
  events: 'core',
  audit_log: 'core',
  customers: 'customers',
  payment_methods: 'customers',
  retired_tokens: 'customers',
  checkout_sessions: 'checkout',
  checkout_secrets: 'checkout',
  payments: 'payments',
  attempts: 'payments',
  refunds: 'payments',
  forward_destinations: 'forwarding',
  forwards: 'forwarding',
  forward_counts: 'forwarding',
  webhook_endpoints: 'webhooks',
  webhook_deliveries: 'webhooks',
  webhook_attempts: 'webhooks',
  webhook_queue: 'webhooks',
  webhook_retries: 'webhooks',
  webhook_cursor: 'webhooks',
  webhook_secrets: 'webhooks',
};

const write = new RegExp(
  [
    String.raw`\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE)\s+(?:TABLE\s+)?(\w+)`,
    String.raw`\bUPDATE\s+(?:ONLY\s+)?(\w+)(?:\s+(?:AS\s+)?\w+)?\s+SET\b`,
    String.raw`\b(?:insertInto|updateTable|deleteFrom|mergeInto)\('(\w+)`,
  ].join('|'),
  'g',
);

export const ownTables: Rule = {
  name: 'a feature writes only its own tables',
  check: (sources) =>
    serverCode(sources).flatMap(({ path, text }) =>
      [...text.matchAll(write)].flatMap(([, ...names]) => {
        const table = names.find((name) => name !== undefined) ?? '';
        const feature = /^server\/src\/([^/]+)\//.exec(path)?.[1] ?? 'core';
        return writers[table] === feature ? [] : [`${path}: ${feature} writes ${table}`];
      }),
    ),
  bad: [
    { 'server/src/webhooks/a.ts': "statement('a', 'UPDATE payments SET status = $1')" },
    { 'server/src/keys/a.ts': '`INSERT\n  INTO events (id)`' },
    { 'server/src/keys/a.ts': "db.deleteFrom('payments')" },
    { 'server/src/core/a.ts': "'DELETE FROM unknown_table'" },
    { 'server/src/worker.ts': "'UPDATE payments p SET status = $1'" },
  ],
  good: [
    { 'server/src/payments/a.ts': "'UPDATE payments p SET a = 1', 'FOR UPDATE OF refunds'" },
    { 'server/src/keys/a.ts': "'SELECT 1 FROM payments FOR UPDATE SKIP LOCKED'" },
  ],
};

export const statementNames: Rule = {
  name: 'every prepared statement has a name of its own',
  check: (sources) => {
    const seen = new Map<string, string>();
    return serverCode(sources).flatMap(({ path, text }) =>
      [...text.matchAll(/\bstatement(?:<[^(]*>)?\(\s*'([^']+)'/g)].flatMap(([, name = '']) => {
        const first = seen.get(name);
        seen.set(name, path);
        return first === undefined ? [] : [`${path}: ${name} is also in ${first}`];
      }),
    );
  },
  bad: [
    {
      'server/src/a.ts': "statement('a.b', 'SELECT 1')",
      'server/src/b.ts': "statement(\n  'a.b',\n  'SELECT 2')",
    },
  ],
  good: [{ 'server/src/a.ts': "statement('a.b', ''); statement('a.c', '')" }],
};

const serverCode = (sources: readonly Source[]) =>
  sources.filter(({ path }) => path.startsWith('server/src/') && !isTest(path));
