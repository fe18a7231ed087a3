import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { vaultFlags, withoutCoreDumps } from '../../launcher/src/hardened.ts';
import { compileCache, libraryFlags, vaultLibraryFlags } from './quick-start.ts';

const root = join(import.meta.dirname, '../..');
/** Below the limit of a test, and far above what a start takes on a busy machine. */
const readyTimeoutMs = 50_000;

export const mains = {
  simulator: 'simulator/src/main.ts',
  vault: 'vault/src/main.ts',
  server: 'server/src/main.ts',
  worker: 'server/src/worker.ts',
} as const;
export type ProcessName = keyof typeof mains;

/** A real PayOS process that can be ended and started again. */
export class TestProcess {
  readonly name: ProcessName;
  readonly environment: Readonly<Record<string, string>>;
  readonly #logFile: string;
  #child: ChildProcess | undefined;

  constructor(name: ProcessName, environment: Record<string, string>, logFile: string) {
    this.name = name;
    this.environment = environment;
    this.#logFile = logFile;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it and resolves when it says that it is ready. */
  async start(extra: Record<string, string> = {}): Promise<void> {
    const log = openSync(this.#logFile, 'a', 0o600);
    const settings = { ...this.environment, ...extra };
    const flags =
      this.name === 'vault' ? [...vaultLibraryFlags(settings), ...vaultFlags] : libraryFlags;
    const script = join(root, mains[this.name]);
    const parameters = ['--disable-warning=ExperimentalWarning', ...flags, script];
    const { file, args } = withoutCoreDumps(parameters);
    const child = spawn(file, args, {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', ...compileCache, ...settings },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#failure('did not get ready')), readyTimeoutMs);
      const failed = (code: number | null) => {
        clearTimeout(timer);
        reject(this.#failure(`ended with ${code}`));
      };
      child.once('exit', failed);
      child.once('message', () => {
        clearTimeout(timer);
        child.off('exit', failed);
        resolve();
      });
    });
    // A test file that failed before it could stop it ends nevertheless, and then so does this.
    child.unref();
    child.channel?.unref();
  }

  /** Ends it the way an operator would. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it the way a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Sends a signal without waiting, e.g. SIGSTOP. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.ref();
    child.kill(signal);
    await ended;
  }

  /** Everything it has printed so far; nothing, where a test has put a device in its place. */
  log(): string {
    return statSync(this.#logFile).isFile() ? readFileSync(this.#logFile, 'utf8') : '';
  }

  #failure(what: string): Error {
    return new Error(`${this.name} ${what}:\n${this.log().slice(-3000)}`);
  }
}
