import { randomBytes, randomUUID } from 'node:crypto';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TransitEngine } from './transit-engine.ts';

type Fields = Record<string, unknown>;
type Reply = { status: number; body: unknown; headers?: Record<string, string> };
type Allowed = (path: string) => boolean;
type Version = { fields: Fields; deleted: boolean };
type Seen = {
  method: string;
  path: string;
  token: string | undefined;
  namespace: string | undefined;
};

const errors = (status: number, ...messages: string[]) => ({ status, body: { errors: messages } });
const denied = errors(403, '1 error occurred:\n\t* permission denied\n\n');

/**
 * What HashiCorp Vault and OpenBao answer, status and body, to all that PayOS asks them: KV
 * versions 1 and 2, tokens bound to paths and a namespace, AppRole, sealing, rate limits.
 */
export class VaultService {
  /** Answers everything while it is set: an outage. */
  outage: Reply | undefined;
  /** How many requests the outage meets before it is over. */
  outageLasts = Number.POSITIVE_INFINITY;
  namespace: string | undefined;
  /** Takes requests and answers none. */
  silent = false;
  url = '';
  readonly seen: Seen[] = [];
  /** Token → which paths of the API it may read. */
  readonly tokens = new Map<string, Allowed>();
  /** Mount → version of its engine. */
  readonly #mounts = new Map([
    ['secret', 2],
    ['kv/team', 2],
    ['old', 1],
  ]);
  readonly #secrets = new Map<string, Version[]>();
  /** The transit engine at `transit/`. */
  readonly transit = new TransitEngine();
  readonly #roles = new Map<string, { secretId: string; allowed: Allowed }>();

  issue(allowed: Allowed = () => true): string {
    const token = `hvs.${randomBytes(24).toString('base64url')}`;
    this.tokens.set(token, allowed);
    return token;
  }

  addRole(allowed: Allowed = () => true) {
    const role = { roleId: randomUUID(), secretId: randomUUID() };
    this.#roles.set(role.roleId, { secretId: role.secretId, allowed });
    return role;
  }

  /** Writes a new version; `path` as `vault kv put` takes it. */
  put(path: string, fields: Fields): void {
    this.#secrets.set(path, [...(this.#secrets.get(path) ?? []), { fields, deleted: false }]);
  }

  /** Deletes the newest version. */
  remove(path: string): void {
    const newest = this.#secrets.get(path)?.at(-1);
    if (newest !== undefined) newest.deleted = true;
  }

  /** Stops listening; set by `startVaultService`. */
  stop: () => Promise<void> = async () => {};

  async answer(request: IncomingMessage): Promise<Reply> {
    const path = decodeURIComponent((request.url ?? '').replace(/^\/v1\//, ''));
    const header = (name: string) => request.headers[name] as string | undefined;
    const token = header('x-vault-token');
    const namespace = header('x-vault-namespace');
    this.seen.push({ method: request.method ?? '', path, token, namespace });
    const body = await text(request);
    if (this.outage !== undefined && this.outageLasts > 0) {
      this.outageLasts -= 1;
      return this.outage;
    }
    if (header('x-vault-request') !== 'true') {
      return errors(412, "missing 'X-Vault-Request' header");
    }
    if (namespace !== this.namespace) return errors(404, 'namespace not found');
    const act = `${request.method} ${path}`;
    if (act === 'POST auth/approle/login') return this.#logIn(body);
    const allowed = token === undefined ? undefined : this.tokens.get(token);
    if (allowed === undefined) return errors(403, 'permission denied');
    if (act === 'POST auth/token/revoke-self') {
      this.tokens.delete(token ?? '');
      return { status: 204, body: undefined };
    }
    if (!allowed(path)) return denied;
    if (request.method === 'POST' && path.startsWith('transit/')) {
      const { status, ...more } = this.transit.answer(path, JSON.parse(body) as Fields);
      return 'data' in more ? envelope(status, more) : errors(status, ...more.errors);
    }
    return request.method === 'GET' ? this.#read(path) : denied;
  }

  #logIn(body: string): Reply {
    const { role_id, secret_id } = JSON.parse(body) as Record<string, string | undefined>;
    if (role_id === undefined) return errors(500, 'missing role_id');
    const role = this.#roles.get(role_id);
    if (role === undefined || role.secretId !== secret_id) {
      return errors(400, 'invalid role or secret ID');
    }
    const client_token = this.issue(role.allowed);
    const lease = { lease_duration: 1200, renewable: true, token_type: 'service' };
    const policies = ['default', 'payos'];
    return envelope(200, { auth: { client_token, accessor: randomUUID(), policies, ...lease } });
  }

  #read(path: string): Reply {
    const mount = [...this.#mounts.keys()].find((name) => path.startsWith(`${name}/`));
    if (mount === undefined) {
      return errors(404, `no handler for route "${path}". route entry not found.`);
    }
    const rest = path.slice(mount.length + 1);
    const isVersioned = this.#mounts.get(mount) === 2;
    if (isVersioned && !rest.startsWith('data/')) return errors(404);
    const versions = this.#secrets.get(`${mount}/${isVersioned ? rest.slice(5) : rest}`) ?? [];
    const newest = versions.at(-1);
    if (newest === undefined) return errors(404);
    if (!isVersioned) return envelope(200, { data: newest.fields });
    const metadata = {
      created_time: '2026-11-01T09:00:00.000000001Z',
      custom_metadata: null,
      deletion_time: newest.deleted ? '2026-11-02T09:00:00.000000001Z' : '',
      destroyed: false,
      version: versions.length,
    };
    const data = { data: newest.deleted ? null : newest.fields, metadata };
    return envelope(newest.deleted ? 404 : 200, { data });
  }
}

/**
 * Starts a service that speaks the protocol of Vault.
 *
 * @param tls certificate and key; undefined: plain HTTP
 */
export async function startVaultService(tls: { cert: string; key: string } | undefined) {
  const service = new VaultService();
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    if (service.silent) return;
    void service.answer(request).then(({ status, body, headers }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
  };
  const server = tls === undefined ? createHttpServer(listener) : createServer(tls, listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  service.url = `http${tls === undefined ? '' : 's'}://localhost:${port}`;
  service.stop = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return service;
}

/** A sealed Vault, as it answers everything but its health. */
export const sealed: Reply = errors(503, 'Vault is sealed');

/** A quota of requests that is used up. */
export const overQuota: Reply = {
  ...errors(429, 'request path "secret/data/payos": rate limit quota exceeded'),
  headers: { 'retry-after': '1' },
};

function envelope(status: number, more: { data?: unknown; auth?: unknown }): Reply {
  const body = {
    request_id: randomUUID(),
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...more,
  };
  return { status, body };
}
