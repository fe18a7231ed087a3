import { randomBytes } from 'node:crypto';
import { encodeBase58, type Mode } from 'payos-contract';
import { askVault } from './context.ts';
import {
  call,
  type Ground,
  newOrganization,
  prepareGround,
  type Reply,
  startKeyServer,
  startVault,
} from './support.ts';

export const goodCard = {
  number: '4242424242424242',
  exp_month: 12,
  exp_year: 2040,
  cvc: '731',
  name: 'Ada Lovelace',
};

export const newAttempt = () => `att_${encodeBase58(randomBytes(16))}`;

type Headers = Record<string, string | string[]>;

/** A running vault, the control plane's part played beside it, and ways to talk to both sides. */
export async function setStage(more: Record<string, string> = {}, existing?: Ground) {
  const ground = existing ?? (await prepareGround());
  const keyServer = await startKeyServer(ground);
  const environment = {
    PAYOS_INTERNAL_PORT: String(keyServer.port),
    PAYOS_RATE_LIMIT_ADDRESS: '1000000',
    PAYOS_RATE_LIMIT_VISITOR: '1000000',
    ...more,
  };
  let vault = await startVault(ground, environment);
  const organization = newOrganization();
  const key = keyServer.addKey(organization);
  const ca = ground.pem('ca.pem');

  const post = (body: unknown, headers: Headers = {}, path = '/v1/tokens'): Promise<Reply> =>
    call(
      {
        port: vault.port,
        path,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        tls: { ca },
      },
      typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    );

  /** A request of the control plane. */
  const ask = (path: string, body: object, name = 'payos-server'): Promise<Reply> =>
    askVault(ground, vault, path, body, name);

  return {
    ground,
    keyServer,
    organization,
    key,
    get vault() {
      return vault;
    },
    /** Any request to the public port. */
    get: (path: string, method = 'GET', headers: Headers = {}) =>
      call({ port: vault.port, path, method, headers, tls: { ca } }),
    post,
    createToken: async (
      card: object = goodCard,
      headers: Headers = {},
      more: object = {},
    ): Promise<string> => {
      const reply = await post({ type: 'card', card, ...more }, headers);
      if (reply.status !== 201) throw new Error(reply.text);
      return reply.json.id;
    },
    ask,
    /** What the control plane is told of one token. */
    describe: async (owned: object) =>
      (await ask('/internal/tokens/describe', { tokens: [owned] })).json.tokens[0],
    owned: (token: string, mode: Mode = 'test') => ({ organization, mode, token }),
    restart: async (signal: NodeJS.Signals = 'SIGTERM') => {
      await vault.stop(signal);
      vault = await startVault(ground, environment);
    },
    close: async () => {
      await vault.stop('SIGKILL');
      await keyServer.close();
      if (existing === undefined) await ground.close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof setStage>>;
