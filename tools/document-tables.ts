import {
  allEventTypes,
  allPermissions,
  builtInRoleIds,
  builtInRoles,
  type ErrorCode,
  errorTable,
  eventNeeds,
  eventTypes,
  isWide,
  keyPermissions,
  operatorPermissions,
  type Permission,
  permissions,
  publishablePermissions,
  type SettingSpec,
  type StepUpAct,
  settingsTable,
  stepUpActs,
  stepUpMinutes,
  touchesVault,
} from 'payos-contract';
import { endpointsOf, type OpenApi } from '../server/src/reference/openapi.ts';
import { overview } from '../server/src/reference/overview.ts';

const note = '<!-- Written by `npm run generate`. Do not edit. -->';

const page = (title: string, intro: string, ...parts: string[]) =>
  `${[`# ${title}`, note, intro, ...parts].join('\n\n')}\n`;

const table = (head: readonly string[], rows: readonly string[][]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Text that may stand in a cell of a Markdown table. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** `docs/errors.md` */
export function errorsPage(): string {
  const codes = Object.keys(errorTable) as ErrorCode[];
  const rows = codes.map((code) => {
    const { status, title, fix, retryable } = errorTable[code];
    return [`\`${code}\``, String(status), cell(title), cell(fix), retryable ? 'yes' : 'no'];
  });
  const intro = `Every error answer is \`application/problem+json\` (RFC 9457). \`code\` is what a
program switches on, \`detail\` says what happened this time, \`errors\` names every refused place
of the request, \`request_id\` finds the request in the logs. "Again" says whether the very same
request may succeed later. A running installation shows this table at \`/docs/errors\`.`;
  return page(
    'Errors',
    intro,
    table(['Code', 'Status', 'What happened', 'What to do', 'Again'], rows),
  );
}

/** `docs/settings.md` */
export function settingsPage(): string {
  const rows = Object.entries(settingsTable).map(([name, entry]) => {
    const spec: SettingSpec = entry;
    const fallback =
      spec.fallback === undefined || spec.fallback === '' ? '' : `\`${spec.fallback}\``;
    return [`\`${name}\``, formOf(name, spec), cell(fallback), cell(spec.help)];
  });
  const intro = `A setting is an environment variable. All are checked when a process starts; every
mistake is told at once, and a name that begins with \`PAYOS_\` and means nothing is one of them.
Any setting can come from a file instead: \`NAME_FILE\` holds its path. Or from HashiCorp Vault,
OpenBao or AWS Secrets Manager: [where secrets live](secrets.md). \`npm start\` fills in what has no
default here.`;
  return page('Settings', intro, table(['Name', 'Form', 'Default', 'What it does'], rows));
}

function formOf(name: string, spec: SettingSpec): string {
  switch (spec.kind) {
    case 'port':
      return 'port';
    case 'integer':
      return `${spec.min} to ${spec.max}`;
    case 'list':
      return 'list, separated by commas';
    case 'certificate':
    case 'private key':
    case 'public keys':
      return `${spec.kind} (PEM), mostly as \`${name}_FILE\``;
    case 'choice':
      return cell((spec.choices ?? []).map((choice) => `\`${choice}\``).join(' or '));
    default:
      return spec.kind;
  }
}

/** `docs/permissions.md` */
export function permissionsPage(): string {
  const rows = allPermissions.map((name) => [
    `\`${name}\``,
    cell(permissions[name].text),
    keysThatCanHave(name),
  ]);
  const operator = Object.entries(operatorPermissions).map(([name, text]) => [
    `\`${name}\``,
    cell(text),
  ]);
  const acts = Object.entries(stepUpActs).map(([name, { text }]) => [
    text,
    touchesVault(name as StepUpAct) ? 'passkey or TOTP, and a password or TOTP' : 'passkey or TOTP',
  ]);
  const intro = `An API key may do what its permissions name, and nothing else. A secret key gets
those it was minted with, a publishable key always the same few: it lies in the open in a browser.
A member has the permissions of their role.`;
  return page(
    'Permissions and roles',
    intro,
    table(['Permission', 'What it allows', 'Keys that can have it'], rows),
    rolesSection(),
    `## Acts that ask again\n\nA member is asked for a factor again if the last one was more than
${stepUpMinutes} minutes ago.`,
    table(['Act', 'What it asks for'], acts),
    `## On the machine itself\n\nWhoever may open the operator socket has these. No API key ever
does.`,
    table(['Permission', 'What it allows'], operator),
  );
}

function keysThatCanHave(name: Permission): string {
  if (publishablePermissions.includes(name)) return 'secret and publishable';
  if (keyPermissions('test').includes(name)) return 'secret';
  return keyPermissions('live').includes(name) ? 'secret, live mode' : 'none: people only';
}

function rolesSection(): string {
  const names = builtInRoleIds.map((id) => [builtInRoles[id].name, cell(builtInRoles[id].text)]);
  const grants = allPermissions.map((name) => [
    `\`${name}\`${isWide(name) ? ' *' : ''}`,
    ...builtInRoleIds.map((id) => {
      const granted: readonly Permission[] = builtInRoles[id].permissions;
      return granted.includes(name) ? 'yes' : '';
    }),
  ]);
  return [
    `## Roles\n\nA member has a role in test mode, in live mode, or in both; they may differ.
Beside these, an organization can make roles of its own from the same permissions.`,
    table(['Role', 'For'], names),
    table(['Permission', ...builtInRoleIds.map((id) => builtInRoles[id].name)], grants),
    '\\* Concerns the organization as a whole, and comes from the role in live mode only.',
  ].join('\n\n');
}

/** `docs/events.md` */
export function eventsPage(): string {
  const rows = allEventTypes.map((type) => [
    `\`${type}\``,
    cell(eventTypes[type].text),
    [eventNeeds(type)].flatMap((name) => (name === undefined ? [] : [`\`${name}\``])).join(''),
  ]);
  const intro = `An event is a fact, written in the transaction that made it true. It is listed
at \`GET /v1/events\` and sent to the webhook endpoints that subscribed to its type, or to \`*\`.
\`data\` is the object as it was at that moment, in the form in which the API shows it.

Some types need a permission beside \`events:read\`. Without it they are not listed, and a webhook
endpoint does not get them: not by name, which is refused, and not by \`*\`. What counts for an
endpoint is what its maker had, or who named its events last.`;
  return page('Events', intro, table(['Type', 'What happened', 'Needs'], rows));
}

/** `docs/api-overview.md`: what the reference of a running installation begins with. */
export function apiOverviewPage(document: OpenApi): string {
  const [api, vault] = [document.servers[0]?.url ?? '', 'https://localhost:8444'];
  const text = overview(api, vault, document.info.version)
    .replace(/^```(?!$).*$/gm, '```')
    .replaceAll('[Error codes](/docs/errors)', '[Error codes](errors.md)');
  const rows = endpointsOf(document).map(({ method, path, operation }) => [
    `\`${method} ${path}\``,
    `\`${operation['x-permission']}\``,
    cell(operation.summary),
  ]);
  const intro = `A running installation serves the whole reference at \`/docs\`, with its own
addresses in the examples, and \`GET /v1/openapi.json\` for programs.`;
  const endpoints = `## Endpoints\n\n${table(['Request', 'Permission', 'What it does'], rows)}`;
  return page('The API', intro, text.trim(), endpoints);
}
