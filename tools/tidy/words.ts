import { findAll, isGenerated, isScript, isTooling, type Rule } from './source.ts';

// Put together here, so that the rules do not find themselves.
const mark = ['TO', 'DO'].join('');
const marks = new RegExp(`\\b(${mark}|FIX${'ME'}|X${'XX'}(?!')|HA${'CK'})\\b`);

export const noMarks: Rule = {
  name: 'nothing is left for later in a comment',
  check: (sources) =>
    sources.flatMap((source) => (isGenerated(source.path) ? [] : findAll(source, marks, 'text'))),
  bad: [{ 'server/src/a.ts': `// ${mark}: later` }, { 'docs/a.md': `X${'XX'}` }],
  good: [{ 'server/src/a.ts': `const todo = 1; // method\nconst none = 'X${'XX'}';` }],
};

const silenced = new RegExp(`@ts-(ignore|nocheck|expect-error)|biome${'-'}ignore`);
/** With its reason; in tests a value may be of any type, elsewhere not even so. */
const explained = new RegExp(`biome${'-'}ignore [\\w/]+: \\w.{15,}`);
const anyRule = 'noExplicitAny';

export const noSilence: Rule = {
  name: 'no checker is silenced without a reason',
  check: (sources) =>
    sources.flatMap((source) => {
      if (!isScript(source.path) || source.path.startsWith('tools/tidy/')) return [];
      return findAll(source, new RegExp(`.*(?:${silenced.source}).*`), 'text').filter(
        (line) => !explained.test(line) || (line.includes(anyRule) && !isTooling(source.path)),
      );
    }),
  bad: [
    { 'server/src/a.ts': '// @ts-ignore' },
    { 'server/src/a.ts': `// biome${'-'}ignore lint/x: ` },
    { 'server/src/a.ts': `// biome${'-'}ignore lint/suspicious/${anyRule}: it is very handy` },
  ],
  good: [
    { 'server/src/a.ts': 'const ignore = 1;' },
    { 'server/src/a.test.ts': `// biome${'-'}ignore lint/suspicious/${anyRule}: it is very handy` },
  ],
};

export const noAny: Rule = {
  name: 'nothing is of type any',
  check: (sources) =>
    sources.flatMap((source) => {
      if (!/\.tsx?$/.test(source.path)) return [];
      const lines = source.text.split('\n');
      return findAll(source, /x$/.test(source.path) ? anyTypeInPage : anyType, 'code').filter(
        (found) => {
          const number = Number(found.split(':')[1]);
          return !explained.test(lines[number - 2] ?? '');
        },
      );
    }),
  bad: [
    { 'server/src/a.ts': 'let a: any;' },
    { 'dashboard/src/a.tsx': 'f(x as any)' },
    { 'server/src/a.ts': 'f(x as any)' },
  ],
  good: [
    { 'dashboard/src/a.tsx': '<p>in any case</p>' },
    { 'server/src/a.ts': "let a = 'any'; // any\nb.any(x); schema.any = 1;" },
    { 'a.test.ts': `// biome${'-'}ignore lint/${anyRule}: answers of every form\nlet a: any;` },
  ],
};
/** Between the elements of a page the word is a word. */
const anyTypeInPage = /(?<=(?:[:<|&,]|\bas)\s*)any(?=[\s>\][,;)|=&])(?!\s*[:(])/;
const anyType = /(?<![.\w'"-])any(?=[\s>\][,;)|=&]|$)(?!\s*[:(])/;

/** May name what they look for or take away; they hold no card data. */
const harmless = new Set([
  'cvcCheck',
  'cvc_check',
  'incorrect_cvc',
  'findCardNumber',
  'holdsCardNumber',
]);
const mayHoldCards = (path: string) => /^(vault|fields|simulator)\//.test(path);

export const noCardWords: Rule = {
  name: 'card data has names only in vault, fields and simulator',
  check: (sources) =>
    sources.flatMap(({ path, code }) => {
      if (!isScript(path) || mayHoldCards(path) || isTooling(path) || isGenerated(path)) return [];
      const found = new Set(code.match(/[A-Za-z_$][\w$]*/g) ?? []);
      return [...found].filter(isCardWord).map((word) => `${path}: ${word}`);
    }),
  bad: [
    { 'server/src/a.ts': 'const pan = 1;' },
    { 'contract/src/a.ts': 'type T = { card_number: string };' },
    { 'contract/src/a.ts': 'const cvcTokenCvc = 1;' },
    { 'sdk/src/a.ts': 'const rawCvc = 1;' },
    { 'server/src/a.ts': `f(\`${'$'}{cardNumber}\`)` },
  ],
  good: [
    { 'server/src/a.ts': "const cvcCheck = '4242'; // pan\nconst company = expand(span);" },
    { 'server/src/a.ts': 'type CvcToken = { cvc_token_expired: true };' },
    { 'vault/src/a.ts': 'const pan = 1;' },
  ],
};

function isCardWord(identifier: string): boolean {
  if (harmless.has(identifier)) return false;
  const parts = identifier
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_');
  // What stands for a security code says nothing of it.
  const text = `_${parts.join('_')}_`.replace('_cvc_token_', '_');
  return /_(pan|cvc|cvv|cvv2|cardnumber|card_number)_/.test(text);
}

const machinePath = new RegExp(`(?<![\\w.:/])/(${['work', 'tmp', 'root', 'home'].join('|')})/\\w`);
const registry = new RegExp(`registry\\.${'npm'}|npm${'js'}\\.(org|com)/`);
/** Where every Unix has a folder for short-lived files, and a path must be short. */
const mayNameTemporary = ['launcher/src/short-path.ts'];

export const noMachine: Rule = {
  name: 'nothing names one machine or a package registry',
  check: (sources) =>
    sources.flatMap((source) => {
      if (mayNameTemporary.includes(source.path)) return [];
      return findAll(source, new RegExp(`${machinePath.source}|${registry.source}`), 'text');
    }),
  bad: [
    { 'docs/a.md': ['see ', 'work', 'main'].join('/') },
    { 'package-lock.json': `"resolved": "https://registry.${'npm'}js.org/x.tgz"` },
  ],
  good: [{ 'docs/a.md': 'a framework/main, `https://x.example/home/page`' }],
};
