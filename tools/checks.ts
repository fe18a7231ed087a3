import { type Finished, runScript, scriptOf } from './program.ts';

export type Check = { name: string; run(): Promise<Finished> };

/** What needs no running system: types, then lint rules and format in one go. */
export const checks: readonly Check[] = [
  {
    name: 'types',
    run: () => runScript(scriptOf('typescript', 'tsc'), ['--project', '.', '--pretty', 'false']),
  },
  {
    name: 'lint and format',
    run: () => runScript(scriptOf('@biomejs/biome', 'biome'), biome),
  },
];

const biome = ['ci', '--colors=off', '--error-on-warnings', '--max-diagnostics=100', '.'];
