import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { bareHost } from './destination.ts';
import { EgressError } from './errors.ts';
import type { Resolve } from './resolve.ts';

type Options = {
  guard: AddressGuard;
  resolve: Resolve;
  secureContext: SecureContext;
  timeoutMs: number;
  onOpen: (socket: Socket) => void;
};

/**
 * Opens connections for undici. Names are resolved once, every address is checked, only the
 * checked ones are dialled, and the address that the socket really reached is checked again before
 * the first byte is written: there is no moment at which DNS could answer something else.
 */
export function guardedConnector(options: Options): buildConnector.connector {
  const { secureContext, timeoutMs: timeout } = options;
  // `rejectUnauthorized` in so many words, so that no environment variable can switch it off.
  const tls = { allowH2: false, timeout, secureContext, rejectUnauthorized: true };
  const overTls = buildConnector(tls as buildConnector.BuildOptions);
  return (target, callback) => {
    dial(target, options).then(
      (httpSocket) => overTls({ ...target, httpSocket }, callback),
      (error: Error) => callback(error, null),
    );
  };
}

async function dial(target: buildConnector.Options, options: Options): Promise<Socket> {
  const { guard, resolve, timeoutMs } = options;
  if (target.protocol !== 'https:') throw new EgressError('url_refused');
  const host = bareHost(target.hostname);
  // Node asks no lookup for addresses written as such, so they are checked here as well.
  const found = isIP(host) === 0 ? await inTime(resolve(host), timeoutMs) : [host];
  const checked = found.filter((address) => guard.allows(address));
  if (checked.length === 0) throw new EgressError('address_refused');
  const port = Number(target.port) || 443;
  const socket = connect({ host, port, lookup: pinnedTo(checked), autoSelectFamily: true });
  await connected(socket, timeoutMs);
  const reached = socket.remoteAddress ?? '';
  if (!guard.allows(reached) || !checked.includes(reached)) {
    socket.destroy();
    throw new EgressError('address_refused');
  }
  options.onOpen(socket);
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
