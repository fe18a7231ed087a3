import type { Rule, Source } from './source.ts';

type Manifest = Record<string, Record<string, string> | undefined>;
const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

const manifests = (sources: readonly Source[]) =>
  sources.filter(({ path }) => /(^|\/)package\.json$/.test(path));

export const pinned: Rule = {
  name: 'every dependency is pinned to one version',
  check: (sources) =>
    manifests(sources).flatMap(({ path, text }) => {
      const manifest = JSON.parse(text) as Manifest;
      const all = kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
      return all.flatMap(([name, version]) =>
        exact.test(version) ? [] : [`${path}: ${name} ${version}`],
      );
    }),
  bad: [
    { 'package.json': '{"dependencies":{"a":"^1.0.0"}}' },
    { 'cli/package.json': '{"devDependencies":{"a":"latest"}}' },
    { 'cli/package.json': '{"optionalDependencies":{"a":"file:../a"}}' },
  ],
  good: [{ 'package.json': '{"dependencies":{"a":"1.0.0-beta.17"}}' }],
};

export const lockSources: Rule = {
  name: 'the lock file says what to install, and not where from',
  check: (sources) =>
    sources.flatMap(({ path, text }) => {
      if (!/(^|\/)package-lock\.json$/.test(path)) return [];
      const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };
      return Object.entries(packages).flatMap(([name, entry]) => {
        if (entry.resolved !== undefined && entry.link !== true) return [`${name}: resolved`];
        const isInstalled = name.includes('node_modules/') && entry.link !== true;
        return isInstalled && entry.integrity === undefined ? [`${name}: no integrity`] : [];
      });
    }),
  bad: [
    { 'package-lock.json': '{"packages":{"node_modules/a":{"resolved":"x","integrity":"y"}}}' },
    { 'package-lock.json': '{"packages":{"node_modules/a":{"version":"1.0.0"}}}' },
  ],
  good: [
    {
      'package-lock.json': JSON.stringify({
        packages: { 'node_modules/a': { integrity: 'y' }, 'node_modules/b': { link: true } },
      }),
    },
  ],
};

type Locked = { resolved?: string; integrity?: string; link?: boolean };
