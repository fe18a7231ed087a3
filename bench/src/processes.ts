import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** Clock ticks per second in /proc, the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Milliseconds of CPU time that a process has used; `undefined` where there is no /proc. */
export function cpuMs(pid: number): number | undefined {
  const fields = statOf(pid);
  return fields && ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** The same of a process and its children, those that have ended included. */
export function treeCpuMs(pid: number): number | undefined {
  const fields = statOf(pid);
  if (fields === undefined) return undefined;
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  const children = childrenOf(pid).map((child) => cpuMs(child) ?? 0);
  return children.reduce((sum, ms) => sum + ms, (own * 1000) / ticksPerSecond);
}

/** A point in time of the whole machine's processors, in milliseconds of all of them together. */
export type MachineTime = { busyMs: number; allMs: number };

export function machineTime(): MachineTime {
  const times = cpus().map(({ times }) => times);
  const allMs = times.reduce((sum, one) => sum + one.user + one.nice + one.sys + one.idle, 0);
  return { busyMs: allMs - times.reduce((sum, { idle }) => sum + idle, 0), allMs };
}

/** Which part of the machine was at work since then, 0 to 1. */
export function busySince(since: MachineTime): number {
  const now = machineTime();
  return (now.busyMs - since.busyMs) / (now.allMs - since.allMs);
}

/**
 * Keeps processes to one processor each, so that what one of them costs does not slow another down.
 *
 * @returns false where that cannot be done
 */
export function keepApart(places: readonly { pid: number; processor: number }[]): boolean {
  if (cpus().length < 2) return false;
  return places.every(({ pid, processor }) => {
    const { status } = spawnSync('taskset', ['-acp', String(processor), String(pid)]);
    return status === 0;
  });
}

/** Memory of a process in MiB: what is resident now. */
export function residentMiB(pid: number): number | undefined {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

/** Memory of a process and its children in MiB, in which what they share counts once. */
export function treeMiB(pid: number): number | undefined {
  const parts = [pid, ...childrenOf(pid)].map((each) => {
    const kib = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${each}/smaps_rollup`) ?? '')?.[1];
    return kib === undefined ? 0 : Number(kib) / 1024;
  });
  const sum = parts.reduce((total, part) => total + part, 0);
  return sum === 0 ? undefined : sum;
}

/** The process id of the PostgreSQL that serves a cluster of the harness. */
export function postmasterOf(clusterDirectory: string): number {
  const text = readFileSync(join(clusterDirectory, 'postgres/data/postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

export function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((each) => Number(statOf(each)?.[1]) === pid);
}

/** The fields of /proc/<pid>/stat from the state on; the name before them may hold anything. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
