import type { AssessedOrganization, Assessment } from 'payos-sdk';
import type { Report, Section } from './document.ts';
import type { Handshake } from './handshake.ts';
import { outletSections } from './outlets.ts';
import type { ServedScript } from './served-scripts.ts';
import { type VaultFacts, vaultSections } from './vault-facts.ts';

/** Everything a report is made of. */
export type Facts = {
  assessment: Assessment;
  tls: readonly Handshake[];
  /** Undefined where the vault cannot be asked. */
  vault: VaultFacts | undefined;
  /** Undefined where the list of what was published is not on this machine. */
  scripts: readonly ServedScript[] | undefined;
};

const dateOf = (time: string | null) => (time === null ? '' : time.slice(0, 10));
const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');

/** The report, in an order that depends on nothing but the facts. */
export function describe({ assessment, tls, vault, scripts }: Facts): Report {
  const { at, since, organizations } = assessment;
  const each = (make: (organization: AssessedOrganization) => string[][]) =>
    organizations.flatMap((organization) =>
      make(organization).map((cells) => [organization.name, ...cells]),
    );
  const names = new Map(organizations.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  return {
    title: 'PayOS: facts for a PCI DSS assessor',
    lines: [
      `Written ${at}. "Used" means since ${since}.`,
      'These are facts of this installation as it runs, read from it at that moment. They do not ' +
        'say that a requirement of PCI DSS is met: that is for the assessor, who looks at the ' +
        'operator and not at software.',
    ],
    sections: [
      versions(assessment),
      integrations(each),
      connections(tls),
      ...(vault === undefined ? [noVault] : vaultSections(vault, at, nameOf)),
      scriptsServed(scripts),
      apiKeys(each),
      people(each),
      gates(each),
      ...outletSections(each),
      reviews,
      cardData(assessment, nameOf),
      auditLog(each),
      settings(assessment),
      unknown,
    ],
  };
}

export type Each = (make: (organization: AssessedOrganization) => string[][]) => string[][];

function versions({ versions: { node, openssl, postgresql }, urls }: Assessment): Section {
  return {
    title: 'What runs',
    text: 'As the running server says.',
    columns: ['what', 'value'],
    rows: [
      ['Node.js', node],
      ['OpenSSL', openssl],
      ['PostgreSQL', postgresql],
      ['API', urls.api],
      ['vault', urls.vault],
    ],
  };
}

const paths: Readonly<Record<string, string>> = {
  publishable: 'from a browser (fields, or a page of the merchant)',
  secret: "raw card data from the merchant's server",
  signing: "raw card data from the merchant's server",
};

function integrations(each: Each): Section {
  return {
    title: 'Ways in which cards came in',
    text:
      'Keys that turned cards into tokens in that time. Requests are counted since the key was ' +
      'made. Which way leads to which questionnaire: docs/pci/integrations.md.',
    columns: ['organization', 'mode', 'key', 'way', 'requests', 'last'],
    rows: each(({ tokenizing, checkout }) => [
      ...checkout.map(({ mode, sessions, paid }) => {
        const way = `hosted page on PayOS: ${sessions} sessions, ${paid} paid`;
        return [mode, '', way, '', ''];
      }),
      ...tokenizing.map(({ mode, key, kind, requests, last_used_at }) => {
        const way = paths[kind] ?? kind;
        return [mode, key, way, String(requests), dateOf(last_used_at)];
      }),
    ]),
    none: 'No card came in.',
  };
}

function connections(tls: readonly Handshake[]): Section {
  return {
    title: 'TLS, as a handshake shows it',
    text: 'From this machine, a moment ago. "Old" is TLS 1.1 and before.',
    columns: ['URL', 'protocol', 'cipher', 'names', 'issuer', 'ends', 'trust', 'old refused'],
    rows: tls.map((seen) => [
      seen.url,
      seen.protocol ?? '',
      seen.cipher ?? '',
      seen.names ?? '',
      seen.issuer ?? '',
      dateOf(seen.ends_at),
      seen.trust,
      seen.refuses_old === null ? '' : yesOrNo(seen.refuses_old),
    ]),
  };
}

function scriptsServed(scripts: Facts['scripts']): Section {
  const title = 'Scripts of payment pages';
  if (scripts === undefined) {
    return { title, text: 'The list of what was published is not on this machine.' };
  }
  return {
    title,
    text:
      'Fetched from vault and API a moment ago, and compared with what was published with this ' +
      'release: docs/pci/script-inventory.md.',
    columns: ['script', 'loaded by', 'published', 'served'],
    rows: scripts.map(({ path, loaded_by, integrity, served }) => [
      path,
      loaded_by,
      integrity,
      sayServed(served, integrity),
    ]),
  };
}

function sayServed(served: string, integrity: string): string {
  if (served === integrity) return 'the same';
  return served.startsWith('sha384-') ? `NOT the same: ${served}` : `not fetched (${served})`;
}

const noVault: Section = {
  title: 'The card data environment',
  text:
    'The vault could not be asked: its operator socket is not on this machine, or not open to ' +
    'this user. Run the command on its machine as well.',
};

function apiKeys(each: Each): Section {
  return {
    title: 'API keys that work',
    text: '"Due" is when the rules of the organization want a key replaced.',
    columns: [
      ...['organization', 'mode', 'key', 'name', 'kind', 'status', 'made', 'due', 'overdue'],
      ...['IP list', 'last used', 'exposed'],
    ],
    rows: each(({ keys }) =>
      keys.map((key) => [
        ...[key.mode, key.key, key.name, key.kind, key.status],
        ...[dateOf(key.created_at), dateOf(key.due_at), yesOrNo(key.overdue)],
        ...[key.kind === 'publishable' ? 'not meant for it' : yesOrNo(key.has_ip_list)],
        ...[dateOf(key.last_used_at), dateOf(key.exposed_at)],
      ]),
    ),
  };
}

function people(each: Each): Section {
  return {
    title: 'People who may let others in, hold keys, change rules or reach cards',
    text: 'Nobody reaches a page or the API before a second factor is set up.',
    columns: ['organization', 'who', 'status', 'test role', 'live role', 'may', 'factors', 'seen'],
    rows: each(({ members }) =>
      members.map(({ name, email, status, roles, sensitive, passkeys, totp, last_seen_at }) => [
        `${name} (${email})`,
        status,
        roles.test ?? '',
        roles.live ?? '',
        sensitive.join(', '),
        [passkeys > 0 ? `passkeys: ${passkeys}` : '', totp ? 'TOTP' : '']
          .filter(Boolean)
          .join(', ') || 'none yet',
        dateOf(last_seen_at),
      ]),
    ),
    none: 'Nobody.',
  };
}

function gates(each: Each): Section {
  return {
    title: 'Card gate',
    text:
      'What the raw-card API in live mode and reading stored cards depend on: an attestation ' +
      'that one person asks with and another approves. The organization keeps the document.',
    columns: [
      ...['organization', 'mode', 'state', 'level', 'assessor', 'SHA-256 of the document'],
      ...['from', 'until', 'opens', 'asked by', 'decided by', 'closed'],
    ],
    rows: each(({ gates: attestations }) =>
      attestations.map((gate) => [
        ...[gate.mode, gate.standing, gate.level, gate.assessor, gate.document_sha256],
        ...[dateOf(gate.valid_from), dateOf(gate.valid_until)],
        [gate.raw_cards && 'raw cards', gate.reveal && 'reveal'].filter(Boolean).join(', '),
        [gate.requested_by, dateOf(gate.requested_at)].join(' '),
        [gate.decided_by, dateOf(gate.decided_at)].join(' ').trim(),
        [dateOf(gate.closed_at), gate.closed_reason].join(' ').trim(),
      ]),
    ),
    none: 'It was never asked to be opened, or not lately: it is closed.',
  };
}

function cardData({ found }: Assessment, nameOf: (id: string) => string): Section {
  return {
    title: 'Card numbers found where none may be',
    text:
      'By the search of answers, webhooks, mails and logs, in that time. They were taken out and ' +
      'told of. Numbers of other kinds can look like them: docs/vault-deployment.md.',
    columns: ['organization', 'mode', 'in', 'place', 'how many, ever', 'first', 'last'],
    rows: found.map((one) => [
      ...[one.organization === null ? '' : nameOf(one.organization), one.mode ?? ''],
      ...[one.stream, one.place, String(one.found), dateOf(one.first_at), dateOf(one.last_at)],
    ]),
    none: 'None.',
  };
}

const reviews: Section = {
  title: 'Access reviews',
  text:
    'PayOS does not keep access reviews yet. Where they are kept elsewhere (PCI DSS 7.2.4), show ' +
    'them beside this report.',
};

function auditLog(each: Each): Section {
  return {
    title: 'Audit log',
    text:
      'What is in the database. That nothing was taken out of it before is not shown by this: ' +
      'the roles of the processes can only insert; a superuser of the database could do more.',
    columns: ['organization', 'entries', 'first', 'last'],
    rows: each(({ audit }) => [[String(audit.entries), audit.first_at ?? '', audit.last_at ?? '']]),
  };
}

function settings({ weakened }: Assessment): Section {
  return {
    title: 'Settings that are not as shipped, where it matters',
    text: 'Of the server. Secrets are not shown.',
    columns: ['setting', 'value', 'means'],
    rows: weakened.map(({ setting, value, means }) => [setting, value, means]),
    none: 'All of them are as shipped.',
  };
}

const unknown: Section = {
  title: 'What this report cannot know',
  text:
    'Firewalls, machines and who may log in there; where backups lie and for how long; who holds ' +
    'the root of the keys; what runs on the pages of the merchant beside our script; contracts ' +
    'with processors; training, policies and tests of plans; other ways than PayOS in which the ' +
    'merchant takes cards.',
};
