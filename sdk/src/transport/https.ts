import { readFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { createSecureContext } from 'node:tls';
import { InvalidRequestError } from '../errors.ts';
import { bodyCollector, type Transport, type TransportRequest } from './transport.ts';

type IncomingMessage = Parameters<NonNullable<Parameters<typeof httpsRequest>[2]>>[0];

/**
 * For servers whose certificate a private CA signed. Only that CA is trusted then: nobody else's
 * certificate opens the connection, not even one from a public CA.
 *
 * @param caFile path of one or several certificates in PEM
 * @throws InvalidRequestError when the file cannot be read or holds no certificate
 */
export function httpsTransport(caFile: string): Transport {
  const agent = new Agent({ keepAlive: true, ca: readCa(caFile), minVersion: 'TLSv1.2' });
  return (exchange) =>
    new Promise((resolve, reject) => {
      const { url, method, body, signal } = exchange;
      const request = httpsRequest(url, { agent, method, headers: headersOf(exchange), signal });
      request.on('error', reject);
      request.on('response', (response: IncomingMessage) => {
        readAll(response).then((text) => {
          const header = (name: string) => response.headers[name]?.toString();
          resolve({ status: response.statusCode ?? 0, header, text });
        }, reject);
      });
      request.end(body);
    });
}

/** Without a length Node would send the body in chunks. */
function headersOf({ headers, body }: TransportRequest): Record<string, string> {
  if (body === undefined) return { ...headers };
  return { ...headers, 'content-length': String(new TextEncoder().encode(body).byteLength) };
}

async function readAll(response: IncomingMessage): Promise<string> {
  const collector = bodyCollector();
  for await (const chunk of response) collector.add(chunk);
  return collector.text();
}

function readCa(caFile: string): string {
  let cause: unknown;
  try {
    const pem = readFileSync(caFile, 'utf8');
    createSecureContext({ ca: pem });
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch (error) {
    cause = error;
  }
  throw new InvalidRequestError({
    code: 'configuration',
    title: `caFile: no certificate could be read from ${caFile}.`,
    fix: 'Give the path of a PEM file with the certificate of the CA.',
    cause,
  });
}
