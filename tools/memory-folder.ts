import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const place = '/dev/shm';
/** What the databases of a run may come to, with room to spare. */
const neededBytes = 3 * 1024 ** 3;
const prefix = 'payos-run-';

/**
 * A folder in memory for the databases of a test run: a database is some 600 files, and making them
 * on a disk costs ten times the work.
 *
 * @returns undefined where there is no such place, or too little of it
 */
export function makeMemoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(place);
    if (Math.min(bavail * bsize, process.availableMemory()) < neededBytes) return undefined;
    sweep();
    return mkdtempSync(join(place, `${prefix}${process.pid}-`));
  } catch {
    return undefined;
  }
}

/** What a run that was killed has left behind. */
function sweep(): void {
  for (const name of readdirSync(place).filter((entry) => entry.startsWith(prefix))) {
    if (!isRunning(Number.parseInt(name.slice(prefix.length), 10))) {
      rmSync(join(place, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
