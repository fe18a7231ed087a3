import { readFileSync } from 'node:fs';
import { eventTypes, keyPermissions, permissions } from 'payos-contract';
import { slug } from './layout.ts';

export type Chapter = { id: string; title: string; markdown: string };

const template = readFileSync(new URL('overview.md', import.meta.url), 'utf8');

const listOf = (table: Record<string, string>) =>
  Object.entries(table)
    .map(([name, text]) => `- \`${name}\` ${text}`)
    .join('\n');

/** What is true for every endpoint, for an installation at these addresses, as Markdown. */
export function overview(apiUrl: string, vaultUrl: string, version: string): string {
  const isLocal = new URL(apiUrl).hostname === 'localhost';
  const values: Record<string, string> = {
    api: apiUrl,
    vault: vaultUrl,
    version,
    ca: isLocal ? ' --cacert "$CA_FILE"' : '',
    variables: isLocal ? localVariables : variables,
    permissions: listOf(
      Object.fromEntries(
        keyPermissions('live').map((name) => [name, permissions[name].text] as const),
      ),
    ),
    events: listOf(
      Object.fromEntries(Object.entries(eventTypes).map(([name, { text }]) => [name, text])),
    ),
  };
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

const variables = `The examples use a variable of your shell, \`SECRET_KEY\`: an API key of yours.`;
const localVariables = `The examples use two variables of your shell. Both values are in
\`.payos/quickstart.json\`, which PayOS wrote when it first started: \`secret_key\` and \`ca_file\`.

\`\`\`Variables of the examples
SECRET_KEY=payos_sk_test_…
CA_FILE=/path/to/ca.pem
\`\`\``;

/** The same by its second-level headings. */
export function chaptersOf(markdown: string): Chapter[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...rest] = part.split('\n');
      return { id: slug(title), title, markdown: rest.join('\n') };
    });
}
