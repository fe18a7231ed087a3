import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { AddressGuard } from './address-guard.ts';
import { bareHost } from './destination.ts';
import { EgressError } from './errors.ts';
import type { Resolve } from './resolve.ts';

export type Dialling = { guard: AddressGuard; resolve: Resolve; timeoutMs: number };

/**
 * Opens a TCP connection. The name is resolved once, every address is checked, only the checked
 * ones are dialled, and the address that the socket really reached is checked again before anybody
 * can write to it: there is no moment at which DNS could answer something else.
 *
 * @throws EgressError, or what the resolver and the socket say
 */
export async function dial(hostname: string, port: number, how: Dialling): Promise<Socket> {
  const { guard, resolve, timeoutMs } = how;
  const host = bareHost(hostname);
  // Node asks no lookup for addresses written as such, so they are checked here as well.
  const found = isIP(host) === 0 ? await inTime(resolve(host), timeoutMs) : [host];
  const checked = found.filter((address) => guard.allows(address));
  if (checked.length === 0) throw new EgressError('address_refused');
  const socket = connect({ host, port, lookup: pinnedTo(checked), autoSelectFamily: true });
  await connected(socket, timeoutMs);
  const reached = socket.remoteAddress ?? '';
  if (!guard.allows(reached) || !checked.includes(reached)) {
    socket.destroy();
    throw new EgressError('address_refused');
  }
  return socket;
}

function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, { all: wantsAll }, callback) => {
    const [first] = all;
    if (first === undefined) return callback(new EgressError('address_refused'), []);
    if (wantsAll) return callback(null, all);
    callback(null, first.address, first.family);
  };
}

/** The error listener stays: a reset at a moment when nobody else listens must not end us. */
function connected(socket: Socket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new EgressError('timeout')), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new EgressError('timeout')), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
