import { type Finished, runScript, scriptOf } from './program.ts';

type Check = { name: string; run(): Promise<Finished> };

/** What needs no running system: types, then lint rules and format in one go. */
export const checks: readonly Check[] = [
  { name: 'types', run: () => types('.') },
  // Runs in browsers: other globals, other module resolution.
  { name: 'types, dashboard', run: () => types('dashboard') },
  { name: 'types, checkout', run: () => types('checkout') },
  { name: 'types, fields', run: () => types('fields') },
  {
    name: 'lint and format',
    run: () => runScript(scriptOf('@biomejs/biome', 'biome'), biome),
  },
];

const types = (project: string) =>
  runScript(scriptOf('typescript', 'tsc'), ['--project', project, '--pretty', 'false']);

const biome = ['ci', '--colors=off', '--error-on-warnings', '--max-diagnostics=100', '.'];
