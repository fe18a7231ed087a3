import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCache, libraryFlags } from '../../tools/harness/quick-start.ts';

const main = new URL('../src/main.ts', import.meta.url).pathname;

export type Finished = { code: number | null; stdout: string; stderr: string };

/** Runs the real command line as a process of its own, in a folder, with no setting but these. */
export function payos(
  folder: string,
  parameters: readonly string[],
  env: Record<string, string> = {},
  input = '',
): Promise<Finished> {
  const child = spawn(process.execPath, [...libraryFlags, main, ...parameters], {
    cwd: folder,
    env: { ...compileCache, ...env },
    stdio: 'pipe',
  });
  // A command that reads nothing may be gone before all is written.
  child.stdin.on('error', () => {}).end(input);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** An empty folder, short enough for a socket's address. */
export function emptyFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'payos-cli-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
