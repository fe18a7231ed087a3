import { Agent, request } from 'node:https';

/** An answer; `body` has the members that the tests look at. */
export type Reply = { status: number; headers: NodeJS.Dict<string | string[]>; body: ReplyBody };

export type ReplyBody = {
  id: string;
  idempotency_key: string;
  status: string;
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  decline_code: string | null;
  decline_message: string | null;
  cvc_check: string;
  kind: string;
  error: string | null;
  pointer?: string;
  found: boolean;
  charge: ReplyBody;
  operation: ReplyBody | null;
  data: ReplyBody[];
  has_more: boolean;
  next: string | null;
};

type Send = {
  method?: string;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: string | Buffer;
  headers?: Record<string, string>;
};

export type Client = {
  call: (path: string, send?: Send) => Promise<Reply>;
  post: (path: string, body: unknown) => Promise<Reply>;
  get: (path: string) => Promise<Reply>;
  close: () => void;
};

/** A client with kept-alive connections that trusts `ca` and sends the secret. */
export function createClient(port: number, ca: string, secret: string): Client {
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 50 });
  const call = (path: string, send: Send = {}) =>
    new Promise<Reply>((resolve, reject) => {
      const payload = send.raw ?? (send.body === undefined ? '' : JSON.stringify(send.body));
      const headers = {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
        ...send.headers,
      };
      const method = send.method ?? 'GET';
      const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = JSON.parse(Buffer.concat(chunks).toString() || 'null');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      outgoing.end(payload);
    });
  return {
    call,
    post: (path, body) => call(path, { method: 'POST', body }),
    get: (path) => call(path),
    close: () => agent.destroy(),
  };
}
