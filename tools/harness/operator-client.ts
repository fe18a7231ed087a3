import type { Mode, Permission, schemas } from 'payos-contract';
import { Client } from 'undici';

type Minted = schemas.ApiKey & { key: string };

/** Speaks on the operator socket, as `payos` on the machine does. */
export class OperatorClient {
  readonly socket: string;
  readonly #client: Client;

  constructor(socketPath: string) {
    this.socket = socketPath;
    this.#client = new Client('http://operator', { socketPath });
  }

  async call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) {
    const answer = await this.#client.request({
      method,
      path,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const parsed = (await answer.body.json()) as Record<string, unknown>;
    if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(parsed)}`);
    return parsed;
  }

  async createOrganization(name: string): Promise<string> {
    return (await this.call('POST', '/operator/organizations', { name }))['id'] as string;
  }

  async mint(
    organization: string,
    options: {
      mode?: Mode;
      kind?: 'secret' | 'publishable';
      name?: string;
      permissions?: Permission[];
      rate_limit?: number;
      ip_ranges?: string[];
      /** Email address of a member. */
      owner?: string;
    } = {},
  ): Promise<Minted> {
    const body = { organization, mode: 'test', name: 'test', ...options };
    return (await this.call('POST', '/operator/api_keys', body)) as unknown as Minted;
  }

  async revoke(id: string): Promise<void> {
    await this.call('POST', `/operator/api_keys/${id}/revoke`, {});
  }
}
