import { join } from 'node:path';
import { type Child, runChild } from './child.ts';
import { childEnvironment, type Derived, type ProcessName } from './child-settings.ts';
import { vaultFlags } from './hardened.ts';
import { type Layout, logFile, repository } from './layout.ts';

const scripts: Readonly<Record<ProcessName, string>> = {
  simulator: 'simulator/src/main.ts',
  vault: 'vault/src/main.ts',
  server: 'server/src/main.ts',
  worker: 'server/src/worker.ts',
};

/** Starts one of our processes; see `runChild`. */
export function runProcess(
  name: ProcessName,
  layout: Layout,
  env: Readonly<Record<string, string | undefined>>,
  derived: Derived,
): Child {
  const flags = ['--disable-warning=ExperimentalWarning'];
  // No debugger can be opened in the process that holds card data, not even by its own user.
  if (name === 'vault') flags.push(...vaultFlags);
  return runChild({
    name,
    file: join(repository, scripts[name]),
    flags,
    env: childEnvironment(name, env, derived),
    cwd: repository,
    logFile: logFile(layout, name),
  });
}
