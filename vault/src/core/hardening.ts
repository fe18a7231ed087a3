import { readFileSync, writeFileSync } from 'node:fs';
import { url as inspectorUrl } from 'node:inspector';

/** What the operating system and Node say of this process. */
export type Circumstances = {
  execArgv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  inspectorUrl: string | undefined;
  /** `/proc/self/limits`, `…/coredump_filter`, `…/status`; undefined where there is none. */
  limits: string | undefined;
  coreFilter: string | undefined;
  status: string | undefined;
};

/**
 * Takes all memory out of core dumps of this process (core(5)): also of those that go to a program,
 * which a limit of 0 does not keep from it, and of those that somebody takes by gcore.
 */
export function emptyCoreDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Not Linux, or not allowed: found below.
  }
}

/** Asks the system now. What cannot be read is undefined, and is judged elsewhere. */
export function readCircumstances(env: Circumstances['env']): Circumstances {
  return {
    execArgv: process.execArgv,
    env,
    inspectorUrl: inspectorUrl(),
    limits: read('/proc/self/limits'),
    coreFilter: read('/proc/self/coredump_filter'),
    status: read('/proc/self/status'),
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Flags of Node that open nothing. All others are refused, those of later versions included. */
const harmlessFlags =
  /^--(disable-sigusr1|disable-warning=.*|secure-heap(-min)?=\d+|max-old-space-size=\d+)$/;
/** Variables that load code into Node, make it write down what it does, or weaken its TLS. */
const openingVariables = [
  'NODE_OPTIONS',
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
  'NODE_V8_COVERAGE',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_PATH',
  'OPENSSL_CONF',
  'LD_PRELOAD',
  'LD_AUDIT',
] as const;

/**
 * What would let the memory of this process out: to the disk, to a debugger, or to code that the
 * environment loads. A sentence each, with what to do; empty when nothing was found.
 */
export function weaknessesOf(found: Circumstances): string[] {
  const flags = found.execArgv.filter((flag) => !harmlessFlags.test(flag));
  const variables = openingVariables.filter((name) => (found.env[name] ?? '') !== '');
  const tracer = /^TracerPid:\s*(\d+)/m.exec(found.status ?? '')?.[1] ?? '0';
  const core = /^Max core file size\s+(\S+)/m.exec(found.limits ?? '')?.[1];
  return [
    core === '0' ? '' : 'Core dumps are on: start with LimitCORE=0 (systemd) or ulimit -c 0.',
    /^0+\s*$/.test(found.coreFilter ?? '') ? '' : 'Core dumps hold memory: see coredump_filter.',
    found.execArgv.includes('--disable-sigusr1')
      ? ''
      : 'A signal could open a debugger: start Node with --disable-sigusr1.',
    flags.length === 0 ? '' : `Node was started with ${flags.map(nameOf).join(', ')}.`,
    variables.length === 0 ? '' : `The environment has ${variables.join(', ')}.`,
    found.inspectorUrl === undefined ? '' : 'The inspector is open.',
    tracer === '0' ? '' : 'Another process traces this one.',
  ].filter((sentence) => sentence !== '');
}

/** Without its value, and without what is no flag: there could be anything in it. */
const nameOf = (flag: string): string => /^--?[a-z-]{1,60}/.exec(flag)?.[0] ?? 'something else';
