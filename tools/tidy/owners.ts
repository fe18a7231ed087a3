import { importsOf } from './imports.ts';
import { findAll, isScript, isTooling, type Rule } from './source.ts';

type Owned = { what: string; pattern: RegExp; owners: readonly string[]; sample: string };

/** What only some files may do, and which these are. An owner that ends in `/` is a folder. */
const table: readonly Owned[] = [
  {
    what: 'the environment',
    pattern: /\bprocess\.env\b/,
    sample: 'const a = process.env;',
    owners: [
      'server/src/main.ts',
      'server/src/worker.ts',
      'vault/src/main.ts',
      'simulator/src/main.ts',
      'launcher/src/main.ts',
      'launcher/src/migrate-main.ts',
      'launcher/bootstrap.mjs',
      'launcher/install.mjs',
      'cli/src/main.ts',
      'sdk/src/environment.ts',
    ],
  },
  {
    what: 'the clock',
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b/,
    sample: 'const a = new Date();',
    owners: [
      'server/src/core/clock.ts',
      'vault/src/core/clock.ts',
      'simulator/src/clock.ts',
      'launcher/src/clock.ts',
      'launcher/install.mjs',
      'cli/src/clock.ts',
      'sdk/src/clock.ts',
      'dashboard/src/clock.ts',
      'checkout/src/clock.ts',
      'fields/src/clock.ts',
    ],
  },
  {
    what: 'randomness',
    pattern: /\bMath\.random\b|\brandom(Bytes|UUID|Int|Fill|FillSync)\b|\bgetRandomValues\b/,
    sample: 'const a = randomBytes(16);',
    owners: [
      'server/src/core/random.ts',
      'vault/src/core/random.ts',
      'simulator/src/random.ts',
      'launcher/src/random.ts',
      'sdk/src/random.ts',
      'dashboard/src/api/random.ts',
      'fields/src/random.ts',
    ],
  },
  {
    what: 'fetch',
    pattern: /(?<![.\w])fetch\(/,
    sample: 'await fetch(url);',
    owners: [
      'sdk/src/transport/fetch.ts',
      'dashboard/src/api/client.ts',
      'checkout/src/api.ts',
      'fields/src/frame/create-token.ts',
    ],
  },
  {
    what: 'the screen',
    pattern: /\bconsole\.|\bprocess\.std(out|err)\b/,
    sample: 'console.log(1);',
    owners: [
      'server/src/core/http/start-up.ts',
      'server/src/core/log.ts',
      'vault/src/main.ts',
      'vault/src/openapi.ts',
      'vault/src/check-bins.ts',
      'simulator/src/main.ts',
      'simulator/src/log.ts',
      'simulator/src/docs.ts',
      'launcher/src/screen.ts',
      'launcher/src/main.ts',
      'launcher/bootstrap.mjs',
      'launcher/install.mjs',
      'cli/src/main.ts',
      'cli/src/run.ts',
    ],
  },
  {
    what: 'what a browser keeps',
    pattern: /\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b/,
    sample: "localStorage.setItem('a', '1');",
    owners: ['dashboard/src/storage.ts', 'dashboard/public/theme.js'],
  },
  {
    what: 'a document made of text',
    pattern: /\b(dangerouslySetInnerHTML|(inner|outer|insertAdjacent)HTML|document\.write)\b/,
    sample: 'element.innerHTML = text;',
    owners: [],
  },
  {
    what: 'code made of text',
    pattern: /\beval\(|\bnew Function\b/,
    sample: 'eval(text);',
    owners: [],
  },
];

/** Modules that only some files may import for more than their types. */
const modules: readonly { what: string; names: RegExp; owners: readonly string[] }[] = [
  {
    what: 'the network',
    names: /^(undici|node:(http|https|http2|net|tls|dgram|dns)(\/promises)?)$/,
    owners: [
      'server/src/core/network.ts',
      'server/src/core/http/',
      'server/src/mail/',
      'egress/src/',
      'server/src/egress/',
      'server/src/vault-client/',
      'server/src/payments/processors/',
      'secrets/src/request.ts',
      // The following ask what an address is, or which CAs are known; they connect to nothing.
      'secrets/src/internal-tls.ts',
      'launcher/src/certificates.ts',
      'launcher/src/name-constraints.ts',
      'vault/src/api/key-server.ts',
      'vault/src/compose.ts',
      'vault/src/core/ranges.ts',
      'vault/src/forward/send-to-destination.ts',
      'vault/src/forward/send-to-processor.ts',
      'vault/src/operator/socket.ts',
      'simulator/src/server.ts',
      'launcher/src/control-socket.ts',
      'launcher/src/operator.ts',
      'launcher/src/ports.ts',
      'cli/src/operator.ts',
      'cli/src/pci/handshake.ts',
      'cli/src/pci/served-scripts.ts',
      'sdk/src/transport/https.ts',
    ],
  },
  {
    what: 'other programs',
    names: /^node:(child_process|cluster|worker_threads|vm)$/,
    owners: [
      'cli/src/leaks/git.ts',
      'launcher/bootstrap.mjs',
      'launcher/install.mjs',
      'launcher/src/build-package.ts',
      'launcher/src/child.ts',
      'launcher/src/postgres-program.ts',
    ],
  },
];

const owns = (owners: readonly string[], path: string) =>
  owners.some((owner) => owner === path || (owner.endsWith('/') && path.startsWith(owner)));

export const owners: Rule = {
  name: 'the outside world is touched only by the files that own it',
  check: (sources) =>
    sources.flatMap((source) => {
      if (!isScript(source.path) || isTooling(source.path)) return [];
      return table.flatMap(({ what, pattern, owners: allowed }) => {
        if (owns(allowed, source.path)) return [];
        return findAll(source, pattern, 'code').map((found) => `${found}: ${what}`);
      });
    }),
  bad: table.map(({ sample }) => ({ 'server/src/keys/a.ts': sample })),
  good: [
    { 'server/src/core/clock.ts': 'const a = Date.now(); // process.env' },
    { 'sdk/src/a.ts': 'this.fetch(); const a = new Date(0);' },
  ],
};

export const moduleOwners: Rule = {
  name: 'network and other programs are imported only by the files that own them',
  check: (sources) =>
    importsOf(sources).flatMap(({ from, specifier, typesOnly }) => {
      if (typesOnly || isTooling(from)) return [];
      return modules.flatMap(({ what, names, owners: allowed }) =>
        names.test(specifier) && !owns(allowed, from) ? [`${from}: ${specifier}: ${what}`] : [],
      );
    }),
  bad: [
    { 'server/src/keys/a.ts': "import { request } from 'undici';" },
    { 'vault/src/a.ts': "import {\n  type Agent,\n  request,\n} from 'node:https';" },
    { 'server/src/a.ts': "const { spawn } = await import('node:child_process');" },
  ],
  good: [
    { 'vault/src/a.ts': "import type { Agent } from 'node:https';" },
    { 'server/src/egress/a.ts': "import { Agent } from 'undici';" },
  ],
};
