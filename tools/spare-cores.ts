import { cpus } from 'node:os';

/**
 * Measures how much of the machine is idle.
 *
 * @returns a function that tells how many cores were idle on average since it was last asked, or
 * since this call: 0 when all were busy
 */
export function spareCores(): () => number {
  let before = total();
  return () => {
    const now = total();
    const passedMs = now.allMs - before.allMs;
    const idle = passedMs === 0 ? 0 : ((now.idleMs - before.idleMs) / passedMs) * now.cores;
    before = now;
    return idle;
  };
}

function total(): { idleMs: number; allMs: number; cores: number } {
  const cores = cpus();
  let idleMs = 0;
  let allMs = 0;
  for (const { times } of cores) {
    idleMs += times.idle;
    allMs += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idleMs, allMs, cores: cores.length };
}
