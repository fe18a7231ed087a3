import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';

type RawAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** Sends a path exactly as it is written, dots and all, and takes the answer as bytes. */
export async function ask(
  site: { origin: string; ca: string },
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(site.origin);
  // The name of the certificate, whatever the Host header says.
  const tls = { ca: site.ca, servername: hostname, agent: false } as const;
  const options = { hostname, port, method, path, headers, ...tls };
  const outgoing = request(options);
  outgoing.end();
  const [incoming] = await once(outgoing, 'response');
  const body = await buffer(incoming);
  return { status: incoming.statusCode, headers: incoming.headers, body };
}
