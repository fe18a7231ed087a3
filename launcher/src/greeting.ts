import type { AllSettings } from './derive.ts';
import type { Quickstart } from './quickstart.ts';

/** What is printed after the first start: where everything is, and a first payment to paste. */
export function firstGreeting(q: Quickstart, logs: string, file: string, year: number): string {
  const ca = `--cacert ${quoted(q.ca_file)}`;
  const card = { number: '4242424242424242', exp_month: 12, exp_year: year + 4 };
  const token = JSON.stringify({ type: 'card', card });
  return `
PayOS is running.

  Dashboard        ${q.api_url}
  API              ${q.api_url}
  Documentation    ${q.api_url}/docs
  Vault            ${q.vault_url}
  CA certificate   ${q.ca_file}
  Secret key       ${q.secret_key}
  Publishable key  ${q.publishable_key}
  All of this      ${file}
  Logs             ${logs}

A first payment: turn a test card into a token, then the token into a payment.

TOKEN=$(curl -sS ${ca} \\
  ${q.vault_url}/v1/tokens \\
  -H 'Authorization: Bearer ${q.publishable_key}' \\
  -H 'Content-Type: application/json' \\
  -d '${token}' \\
  | sed -nE 's/.*"id":"(tok_[^"]+)".*/\\1/p')

curl -sS ${ca} \\
  ${q.api_url}/v1/payments \\
  -H 'Authorization: Bearer ${q.secret_key}' \\
  -H 'Content-Type: application/json' \\
  -H "Idempotency-Key: first-$TOKEN" \\
  -d '{"amount":1999,"currency":"EUR","token":"'"$TOKEN"'"}'

A shop with secure fields, on https://localhost:9600: node docs/examples/fields-shop.mjs
`;
}

/** What is printed after later starts. */
export function laterGreeting(q: Quickstart, logs: string, file: string): string {
  return `
PayOS is running.

  Dashboard        ${q.api_url}
  API              ${q.api_url}   (documentation: ${q.api_url}/docs)
  Vault            ${q.vault_url}
  Keys and CA      ${file}
  Logs             ${logs}
`;
}

/** What is printed where nothing but the vault runs. */
export function vaultGreeting(settings: VaultPlaces, logs: string): string {
  const { PAYOS_VAULT_INTERNAL_HOST: host, PAYOS_VAULT_INTERNAL_PORT: port } = settings;
  return `
The vault is running.

  Public port      ${settings.PAYOS_VAULT_HOST ?? settings.PAYOS_HOST}, ${settings.PAYOS_VAULT_PORT}
  Internal port    ${host}, ${port}
  Asks the server  ${settings.PAYOS_INTERNAL_URL}
  Logs             ${logs}
`;
}

type VaultPlaces = Pick<
  AllSettings,
  | 'PAYOS_HOST'
  | 'PAYOS_VAULT_HOST'
  | 'PAYOS_VAULT_PORT'
  | 'PAYOS_VAULT_INTERNAL_HOST'
  | 'PAYOS_VAULT_INTERNAL_PORT'
  | 'PAYOS_INTERNAL_URL'
>;

/** What is printed at every start until somebody has set the organization up. */
export function setupGreeting(link: string): string {
  return `Set PayOS up: open this link in a browser. It works once, for 24 hours.
\`npx payos setup-link\` makes another.

  ${link}
`;
}

/** A word for a POSIX shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
