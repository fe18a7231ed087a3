import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.ts';

type Entry = {
  version?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};
type Lock = { packages: Record<string, Entry> };

/** One package that the vault runs with, and the way from the vault to it. */
type VaultPackage = { path: string; entry: Entry; why: readonly string[] };

/** Loaded only where keys or secrets are in AWS; what needs only these can be left out. */
const awsOnly = /^@aws-sdk\/client-/;

/**
 * Everything that a machine needs to run the vault and nothing else, from the repository's lock.
 *
 * @param withAws whether clients of AWS are among it
 */
export function vaultPackages(withAws: boolean): VaultPackage[] {
  const { packages } = readLock();
  const found = new Map<string, VaultPackage>();
  const visit = (folder: string, why: readonly string[]) => {
    const { dependencies, optionalDependencies } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = resolve(packages, folder, name);
      if (path === undefined || found.has(path) || (!withAws && awsOnly.test(name))) continue;
      const entry = packages[path] ?? {};
      found.set(path, { path, entry, why: [...why, name] });
      visit(entry.link === true ? (entry.resolved ?? '') : path, [...why, name]);
    }
  };
  visit('vault', []);
  return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** As Node looks for a package: in the folder's own `node_modules`, then further up. */
function resolve(packages: Lock['packages'], folder: string, name: string): string | undefined {
  const nested = `${folder}/node_modules/${name}`;
  if (packages[nested] !== undefined) return nested;
  const above = folder.includes('/node_modules/')
    ? folder.slice(0, folder.lastIndexOf('/node_modules/'))
    : undefined;
  if (above !== undefined) return resolve(packages, above, name);
  const top = `node_modules/${name}`;
  return packages[top] === undefined ? undefined : top;
}

function readLock(): Lock {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
}

/** Folders of ours that go onto the vault's machine. */
export function vaultFolders(): string[] {
  const linked = vaultPackages(true).flatMap(({ entry }) => entry.resolved ?? []);
  return [...linked.filter((path) => !path.includes('node_modules')), 'vault'].sort();
}

const manifest = () => ({
  name: 'payos-vault-machine',
  version: '0.1.0',
  private: true,
  license: 'Apache-2.0',
  type: 'module',
  workspaces: vaultFolders(),
});

/** `vault/deploy/package.json` */
export function vaultManifest(): string {
  return `${JSON.stringify(manifest(), null, 2)}\n`;
}

/** `vault/deploy/package-lock.json`: for `npm ci` on the vault's machine. */
export function vaultLock(): string {
  const { packages } = readLock();
  const { name, version, license, workspaces } = manifest();
  const folders = vaultFolders().map((folder) => [folder, packages[folder] ?? {}] as const);
  const installed = vaultPackages(true).map(({ path, entry }) => [path, entry] as const);
  const link = ['node_modules/payos-vault', { resolved: 'vault', link: true }] as const;
  const all = [...folders, ...installed, link].sort(([a], [b]) => (a < b ? -1 : 1));
  const lock = {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, license, workspaces }, ...Object.fromEntries(all) },
  };
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** `vault/dependencies.md` */
export function vaultDependenciesPage(): string {
  const core = new Set(vaultPackages(false).map(({ path }) => path));
  const foreign = vaultPackages(true).filter(({ entry }) => entry.link !== true);
  const rows = (packages: readonly VaultPackage[]) =>
    packages.map(({ path, entry, why }) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const { version = '', license = '', integrity = '' } = entry;
      return `| ${name} | ${version} | ${license} | ${why.join(' → ')} | \`${integrity}\` |`;
    });
  const head = ['| package | version | licence | why | integrity |', '|---|---|---|---|---|'];
  const [always, aws] = [
    foreign.filter(({ path }) => core.has(path)),
    foreign.filter(({ path }) => !core.has(path)),
  ];
  return [
    '# What the vault runs with',
    '',
    '<!-- Written by `npm run generate`. Do not edit. -->',
    '',
    `Node 24 and its own modules, the folders`,
    `${vaultFolders()
      .map((folder) => `\`${folder}/\``)
      .join(', ')} of this repository, and:`,
    '',
    ...head,
    ...rows(always),
    '',
    'Only where keys or secrets are in AWS; without them a vault works otherwise:',
    '',
    ...head,
    ...rows(aws),
    '',
  ].join('\n');
}
