import { dirname, join } from 'node:path/posix';
import { isScript, isTest, isTooling, type Rule, type Source } from './source.ts';

type Import = { from: string; specifier: string; typesOnly: boolean };

/**
 * Who may import whom; what is not listed is refused. A package is imported by its name, a feature
 * of the server through its `index.ts`.
 */
const packageEdges: Record<string, readonly string[]> = {
  contract: [],
  secrets: ['contract'],
  egress: [],
  sdk: [],
  cli: ['sdk'],
  dashboard: ['contract'],
  fields: [],
  checkout: ['contract', 'fields'],
  launcher: ['contract', 'secrets'],
  simulator: ['contract', 'secrets'],
  vault: ['contract', 'secrets', 'egress'],
  server: ['contract', 'secrets', 'egress'],
};

/** Feature → feature, besides `core`, which all may import and which imports none. */
const featureEdges: readonly string[] = [
  'payments→checkout',
  'assessment→card-gate',
  'assessment→keys',
  'assessment→organizations',
  'card-data→access',
  'card-data→card-gate',
  'card-data→mail',
  'card-gate→access',
  'card-gate→keys',
  'card-gate→mail',
  'payments→customers',
  'payments→keys',
  'payments→vault-client',
  'checkout→customers',
  'checkout-page→checkout',
  'checkout-page→customers',
  'checkout-page→organizations',
  'checkout-page→payments',
  'customers→vault-client',
  'tokens→vault-client',
  'forwarding→access',
  'forwarding→customers',
  'forwarding→egress',
  'forwarding→keys',
  'forwarding→vault-client',
  'keys→access',
  'keys→egress',
  'keys→mail',
  'keys→organizations',
  'access→mail',
  'members→access',
  'members→keys',
  'members→mail',
  'members→organizations',
  'webhooks→egress',
];

/** Files that put the server together: they may import every feature. */
const compositionRoots = [
  'server/src/main.ts',
  'server/src/worker.ts',
  'server/src/assemble.ts',
  'server/src/routes.ts',
];

export const imports: Rule = {
  name: 'packages and features import each other only where the table says so',
  check: (sources) =>
    importsOf(sources).flatMap(({ from, specifier }) => {
      const why = refusal(from, specifier);
      return why === undefined ? [] : [`${from}: ${specifier}: ${why}`];
    }),
  bad: [
    { 'contract/src/a.ts': "import { a } from 'payos-sdk';" },
    { 'contract/src/a.ts': "import { readFileSync } from 'node:fs';" },
    { 'sdk/src/a.ts': "import type { Mode } from 'payos-contract';" },
    { 'server/src/keys/a.ts': "import { a } from '../../../vault/src/main.ts';" },
    { 'server/test/a.test.ts': "import { a } from '../../vault/src/main.ts';" },
    { 'tools/a.ts': "import { a } from '../vault/src/main.ts';" },
    { 'vault/src/a.ts': "import { a } from '../../server/src/core/db.ts';" },
    { 'launcher/src/a.ts': "const a = await import('../../contract/src/index.ts');" },
    { 'server/src/core/a.ts': "export { a } from '../keys/index.ts';" },
    { 'server/src/keys/a.ts': "import { a } from '../payments/index.ts';" },
    { 'server/src/payments/a.ts': "import {\n  a,\n} from '../customers/customer.ts';" },
    { 'server/src/keys/a.ts': "import { a } from '../routes.ts';" },
    { 'dashboard/src/api/a.ts': "import { a } from 'payos-sdk';" },
    { 'dashboard/src/ui/a.tsx': "import { a } from '../app/pages.ts';" },
    { 'dashboard/src/features/a/b.tsx': "import { c } from '../c/d.tsx';" },
  ],
  good: [
    { 'server/src/payments/a.ts': "import { a } from '../customers/index.ts';" },
    { 'server/src/payments/processors/a.ts': "import { a } from '../../core/db.ts';" },
    { 'server/src/main.ts': "import { a } from './keys/index.ts';" },
    { 'dashboard/src/features/a/b.tsx': "import { c } from '../../ui/index.ts';" },
    { 'dashboard/src/app/pages.ts': "import { c } from '../features/c/index.ts';" },
    { 'vault/test/a.test.ts': "import { a } from '../src/main.ts';" },
    { 'cli/src/a.ts': "import { a } from 'payos-sdk'; // from '../../vault/src/a.ts'" },
  ],
};

function refusal(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) {
    return from.startsWith('contract/src/') && !isTest(from) ? 'contract does no I/O' : undefined;
  }
  const own = packageOf(from);
  const named = /^payos-([a-z]+)$/.exec(specifier)?.[1];
  const target = specifier.startsWith('.') ? join(dirname(from), specifier) : undefined;
  const other = named ?? (target === undefined ? undefined : packageOf(target));
  if (other === undefined) return undefined;
  if (other === 'vault' && own !== 'vault') return 'nobody imports the vault';
  if (isTooling(from)) return undefined;
  if (other !== own) {
    if (named === undefined) return 'another package is imported by its name';
    return packageEdges[own]?.includes(other) ? undefined : `${own} may not import ${other}`;
  }
  if (target === undefined) return undefined;
  if (own === 'dashboard') return dashboardRefusal(from, target);
  return own === 'server' ? featureRefusal(from, target) : undefined;
}

function featureRefusal(from: string, target: string): string | undefined {
  if (compositionRoots.includes(from)) return undefined;
  const [own, other] = [featureOf(from), featureOf(target)];
  if (own === other || other === 'core') return own === undefined ? 'not a feature' : undefined;
  if (other === undefined) return 'nobody imports a composition root';
  if (own === 'core') return 'core knows no feature';
  if (!featureEdges.includes(`${own}→${other}`)) return `${own} may not import ${other}`;
  return target.endsWith(`/${other}/index.ts`) ? undefined : 'a feature is entered by its index.ts';
}

/** Upwards only: what draws and what asks know no page. A feature is entered by its index.ts. */
const dashboardLayers: Record<string, readonly string[]> = {
  api: ['api'],
  ui: ['api', 'ui'],
  shared: ['api', 'ui', 'shared'],
  features: ['api', 'ui', 'shared', 'app'],
  app: ['api', 'ui', 'shared', 'app', 'features'],
};

function dashboardRefusal(from: string, target: string): string | undefined {
  const place = (path: string) => /^dashboard\/src\/([^/.]+)\/(?:([^/]+)\/)?/.exec(path);
  const [, own = '', feature] = place(from) ?? [];
  const [, other, otherFeature] = place(target) ?? [];
  if (other === undefined || !Object.hasOwn(dashboardLayers, own)) return undefined;
  if (own === 'features' && other === 'features') {
    const isDoor = target === `dashboard/src/features/${otherFeature}/index.ts`;
    return feature === otherFeature || isDoor ? undefined : 'a feature is entered by its index.ts';
  }
  return dashboardLayers[own]?.includes(other) ? undefined : `${own} may not import ${other}`;
}

const packageOf = (path: string) => path.split('/')[0] ?? '';
const featureOf = (path: string) => /^server\/src\/([^/]+)\//.exec(path)?.[1];

/** Every import of every script. Found in the masked code, read from the text. */
export function importsOf(sources: readonly Source[]): Import[] {
  return sources.flatMap(({ path, text, code }) => {
    if (!isScript(path)) return [];
    const pattern = /\b(?:from|import)\s*\(?\s*(['"])([^'"]*)\1/dg;
    return [...code.matchAll(pattern)].flatMap((match) => {
      const [start, end] = match.indices?.[2] ?? [0, 0];
      const statement = code.slice(code.lastIndexOf('import', start), start);
      const typesOnly = /^import type\b/.test(statement);
      return [{ from: path, specifier: text.slice(start, end), typesOnly }];
    });
  });
}

/** Where a process begins, or what is run by hand: nobody imports these. */
const entryPoints = [
  /\/src\/(main|worker|migrate-main)\.tsx?$/,
  /\.test\.ts$/,
  /^launcher\/(bootstrap|payos)\.mjs$/,
  /^tools\/(test|run-files|unit-tests|lint|generate|screenshots)\.ts$/,
  /^tools\/bundled-libraries\.mjs$/,
  /^vault\/(src\/(openapi|check-bins)|test\/fill-cards)\.ts$/,
  /^docs\/examples\//,
  /^server\/src\/reference\/assets\//,
  /^dashboard\/(vite\.config\.ts|public\/theme\.js)$/,
  /^checkout\/(vite\.config\.ts|src\/main\.ts)$/,
  /^fields\/(vite\.config\.ts|payos\.d\.ts|src\/globals\.d\.ts|src\/(frame|loader)\/main\.ts)$/,
];

const isEntry = (path: string) => entryPoints.some((pattern) => pattern.test(path));

export const noDeadFiles: Rule = {
  name: 'every script is imported by another, or is where a process begins',
  check: (sources) => {
    const all = importsOf(sources);
    const wanted = new Set(all.map(({ from, specifier }) => join(dirname(from), specifier)));
    const isUsed = (path: string) =>
      wanted.has(path) ||
      /^(contract|sdk|secrets|egress)\/src\/index\.ts$/.test(path) ||
      isEntry(path);
    const dead = sources.filter(({ path }) => isScript(path) && !isUsed(path));
    return dead.map(({ path }) => `${path}: nobody imports it`);
  },
  bad: [{ 'server/src/a.ts': '', 'server/src/main.ts': '' }],
  good: [{ 'server/src/a.ts': '', 'server/src/main.ts': "import './a.ts';" }],
};
