// Makes a fresh clone runnable, then runs a TypeScript file of ours:
//
//   node launcher/bootstrap.mjs [--dev] <script.ts> [arguments…]
//
// It installs the dependencies when they are missing or out of date, finds a Node that runs
// TypeScript, and hands over. Plain JavaScript with nothing but `node:` imports, because it must
// run before anything is installed, under any Node from 18 on.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { install, isLocked, withInstallLock } from './install.mjs';

/** The first Node that runs `.ts` files without a warning and with all that we use. */
const oldestNode = [24, 12];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.payos-install.json');

const dev = process.argv[2] === '--dev';
const [script, ...parameters] = process.argv.slice(dev ? 3 : 2);
if (script === undefined)
  fail('usage: node launcher/bootstrap.mjs [--dev] <script.ts> [arguments…]');
await ensureDependencies();
await run(findNode());

async function ensureDependencies() {
  const text = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(text).digest('hex');
  if (isStamped(wanted)) return;
  const isDone = () => isStamped(wanted) || matchesLock(JSON.parse(String(text)));
  // Without the lock first: the folder may belong to somebody else, and everything be in place.
  if (!isLocked(root) && isDone()) return stamp(wanted);
  const problem = await withInstallLock(root, async () => {
    if (isDone()) return undefined;
    rmSync(stampFile, { force: true });
    return install(root, dev);
  });
  if (problem !== undefined) fail(problem);
  stamp(wanted);
}

function stamp(wanted) {
  if (isStamped(wanted)) return;
  try {
    writeFileSync(stampFile, `${JSON.stringify({ lock: wanted, dev })}\n`);
  } catch {
    // It only saves time: the next start compares everything again.
  }
}

/** An installation with the development tools serves those who need none, too. */
function isStamped(wanted) {
  const stamp = readJson(stampFile);
  return stamp?.lock === wanted && (stamp.dev === true || !dev);
}

/** Whether somebody has run npm by hand already, and everything we need is there. */
function matchesLock(lock) {
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/') || !isNeeded(wanted)) return true;
    const found = installed[path];
    const same = found?.version === wanted.version && found?.integrity === wanted.integrity;
    return same && existsSync(join(root, path));
  });
}

function isNeeded({ dev: development, devOptional, os, cpu }) {
  if (!dev && (development || devOptional)) return false;
  const fits = (list, value) => list === undefined || list.includes(value);
  return fits(os, process.platform) && fits(cpu, process.arch);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Path of a Node that is new enough: this one, or the one that npm has installed. */
function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const folder = join(modules, `node-${process.platform}-${process.arch}`);
  const version = readJson(join(folder, 'package.json'))?.version;
  const program = join(folder, 'bin', 'node');
  if (version !== undefined && isNewEnough(version) && existsSync(program)) return program;
  return fail(
    `PayOS needs Node ${oldestNode.join('.')} or later, this is ${process.version}, ` +
      `and npm has none for ${process.platform}-${process.arch}. Install it from nodejs.org.`,
  );
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

async function run(node) {
  process.env.PATH = [dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  const cache = join(modules, '.cache', 'payos');
  if (!process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = cache;
  const file = resolve(root, script);
  if (node !== process.execPath) return runWith(node, file);
  watchParent(() => process.kill(process.pid, 'SIGTERM'));
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
  process.argv = [node, file, ...parameters];
  await import(pathToFileURL(file).href);
}

/** Another process runs the script; signals go to it, and its end becomes ours. */
async function runWith(node, file) {
  const child = spawn(node, [file, ...parameters], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  watchParent(() => child.kill('SIGTERM'));
  child.on('error', (error) => fail(`${node} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * npm runs us in a shell, and a signal to npm often ends that shell without ever reaching us. A
 * shell that is gone means: stop. Started otherwise, by `nohup` for example, we outlive our parent.
 */
function watchParent(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 250);
  timer.unref();
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
