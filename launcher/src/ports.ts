import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, Refusal } from './refusal.ts';

/** A port that one of our processes will listen on, and the setting that moves it. */
export type WantedPort = { setting: string; port: number; host: string };

/**
 * Makes sure that all ports are free before anything is started.
 *
 * @throws Refusal with one line for each that is not
 */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  const problems: string[] = [];
  const distinct: WantedPort[] = [];
  for (const each of wanted) {
    const same = distinct.find(({ port }) => port === each.port);
    if (same === undefined) distinct.push(each);
    else problems.push(`${each.setting} and ${same.setting} are both ${each.port}. Change one.`);
  }
  const found = await Promise.all(distinct.map(problemWith));
  problems.push(...found.filter((problem) => problem !== undefined));
  if (problems.length > 0) throw new Refusal(problems.join('\n'));
}

/** The same, when the ports may still be held by processes of a launcher that was killed. */
export async function awaitPorts(wanted: readonly WantedPort[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await checkPorts(wanted);
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
}

/** The first free port of this machine's loopback, from `port` upwards. */
export async function freePortFrom(port: number): Promise<number> {
  for (let candidate = port; candidate < port + 2000; candidate += 10) {
    const wanted = { setting: '', port: candidate, host: '127.0.0.1' };
    if ((await problemWith(wanted)) === undefined) return candidate;
  }
  return port;
}

function problemWith({ setting, port, host }: WantedPort): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) => done(explain(codeOf(error), setting, port, host)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => done(undefined)));
  });
}

function explain(code: string, setting: string, port: number, host: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Set ${setting} to another one.`;
  if (code === 'EACCES') {
    return `Port ${port} is for root only. Set ${setting} to one above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${setting.replace('PORT', 'HOST')}: this machine has no address ${host}.`;
  }
  return `Port ${port} on ${host} cannot be used (${code}). Set ${setting} to another one.`;
}
