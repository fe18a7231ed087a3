import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, Reply, Role } from './worker.ts';

const entry = join(import.meta.dirname, 'worker.ts');

/** A process of the benchmark that plays one role and is told over IPC what to do. */
export class Child {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #calls = 0;

  private constructor(child: ChildProcess) {
    this.#process = child;
    child.on('message', (reply: Reply) => {
      this.#waiting.get(reply.call)?.(reply);
      this.#waiting.delete(reply.call);
    });
    child.on('exit', (code) => {
      for (const [call, settle] of this.#waiting) settle({ call, error: `ended with ${code}` });
    });
  }

  /** @param logFile takes what the process prints */
  static async start(role: Role, logFile: string): Promise<Child> {
    const log = openSync(logFile, 'a', 0o600);
    const child = fork(entry, [role], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', log, log, 'ipc'],
      serialization: 'advanced',
    });
    closeSync(log);
    await once(child, 'message');
    return new Child(child);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Has the process do one thing. @throws Error with what went wrong there */
  async ask<T>(what: string, input: unknown): Promise<T> {
    this.#calls += 1;
    const call = this.#calls;
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting.set(call, resolve);
      this.#process.send({ call, what, input } satisfies Call);
    });
    if (reply.error !== undefined) throw new Error(`${what}: ${reply.error}`);
    return reply.result as T;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
