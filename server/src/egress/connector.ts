import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type Dialling, dial, EgressError } from 'payos-egress';
import { buildConnector } from 'undici';

type Options = Dialling & {
  secureContext: SecureContext;
  onOpen: (socket: Socket) => void;
};

/** Opens connections for undici: TLS over what {@link dial} reached. */
export function guardedConnector(options: Options): buildConnector.connector {
  const { secureContext, timeoutMs: timeout } = options;
  // `rejectUnauthorized` in so many words, so that no environment variable can switch it off.
  const tls = { allowH2: false, timeout, secureContext, rejectUnauthorized: true };
  const overTls = buildConnector(tls as buildConnector.BuildOptions);
  return (target, callback) => {
    open(target, options).then(
      (httpSocket) => overTls({ ...target, httpSocket }, callback),
      (error: Error) => callback(error, null),
    );
  };
}

async function open(target: buildConnector.Options, options: Options): Promise<Socket> {
  if (target.protocol !== 'https:') throw new EgressError('url_refused');
  const socket = await dial(target.hostname, Number(target.port) || 443, options);
  options.onOpen(socket);
  return socket;
}
