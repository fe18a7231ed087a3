// Runs npm for bootstrap.mjs. The same limits: plain JavaScript, only `node:` imports, Node 18.
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Installs what package-lock.json names, without running any package's install scripts.
 *
 * @returns what to tell the user when it failed, or undefined
 */
export async function install(root, dev) {
  const scope = dev ? '--include=dev' : '--omit=dev';
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const cache = npmCache();
  const stopTelling = tell('Installing dependencies (once)');
  try {
    const parameters = ['ci', '--ignore-scripts', scope, ...quiet, ...cache.parameters];
    const { code, output } = await runNpm(root, parameters);
    return code === 0 ? undefined : explain(output);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return 'npm is not on the PATH. Install it (Debian: apt-get install npm) and try again.';
  } finally {
    stopTelling();
    cache.remove();
  }
}

function runNpm(root, parameters) {
  const own = process.env.npm_execpath;
  const isNpm = own !== undefined && basename(own) === 'npm-cli.js';
  const [program, first] = isNpm ? [process.execPath, [own]] : ['npm', []];
  return new Promise((done, failed) => {
    const child = spawn(program, [...first, ...parameters], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', failed);
    child.on('close', (code) => done({ code, output }));
  });
}

function explain(output) {
  const network = /E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH)|ERR_SOCKET/;
  let reason = 'npm could not install the dependencies.';
  if (network.test(output)) {
    reason = 'npm cannot reach its registry. Check the network (or proxy), then try again.';
  } else if (/ENOSPC/.test(output)) {
    reason = 'The disk is full: npm could not install the dependencies.';
  } else if (/EACCES|EPERM|EROFS/.test(output)) {
    reason = 'npm may not write here. Run PayOS as the user who owns this folder.';
  }
  const lines = output.split('\n').filter((line) => !/^(npm error)?\s*(at .*)?$/.test(line));
  return [reason, 'What npm said last:', ...lines.slice(-12).map((line) => `  ${line}`)].join('\n');
}

/** npm wants a cache folder. Where the usual one cannot be written, it gets one for this run. */
function npmCache() {
  const home = process.env.HOME || homedir();
  const usual = process.env.npm_config_cache || join(home, '.npm');
  try {
    // npm itself would take `~/.npm` for a folder called `~` here.
    if (!isAbsolute(usual)) throw new Error('there is no home folder');
    mkdirSync(usual, { recursive: true });
    accessSync(usual, constants.W_OK);
    return { parameters: [], remove: () => {} };
  } catch {
    const folder = mkdtempSync(join(tmpdir(), 'payos-npm-'));
    const remove = () => rmSync(folder, { recursive: true, force: true });
    return { parameters: ['--cache', folder], remove };
  }
}

/** Says what is going on once it takes more than a second, and that it still does. */
function tell(what) {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    if (seconds === 1) console.log(`${what} …`);
    else if (seconds % 15 === 0) console.log(`  still at it after ${seconds} s`);
  }, 1000);
  return () => clearInterval(timer);
}

const lockFile = (root) => join(root, '.payos-install.lock');

/** Whether another process is installing into the folder. */
export function isLocked(root) {
  return existsSync(lockFile(root));
}

/**
 * Runs `work` while no other process runs it for the same folder.
 *
 * @returns what `work` returns, or what to tell the user when the folder cannot be written
 */
export async function withInstallLock(root, work) {
  const file = lockFile(root);
  const stopTelling = tell('Waiting for another installation in this folder');
  const owner = JSON.stringify({ pid: process.pid, host: hostname() });
  try {
    while (!take(file, owner)) {
      removeAbandoned(file);
      await sleep(200);
    }
  } catch (error) {
    return `${root} cannot be written (${error.code}). Run PayOS as the user who owns it.`;
  } finally {
    stopTelling();
  }
  const heartbeat = setInterval(() => touch(file), 2000);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  }
}

function take(file, owner) {
  try {
    writeFileSync(file, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The folder is being taken away from under us; the installation will say so.
  }
}

/** A lock whose owner is dead, or shows no sign of life, is moved away: only one can move it. */
function removeAbandoned(file) {
  try {
    const content = readFileSync(file, 'utf8');
    const age = Date.now() - statSync(file).mtimeMs;
    if (!isDead(content) && age < 20_000) return;
    const aside = `${file}.${process.pid}`;
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== content) renameSync(aside, file);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function isDead(content) {
  try {
    const { pid, host } = JSON.parse(content);
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
