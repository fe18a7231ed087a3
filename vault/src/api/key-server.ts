import { Agent, request as httpsRequest } from 'node:https';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

export type InternalTls = { cert: string; key: string; ca: string };
export type ServerReply = { status: number; body: unknown };

const answerLimit = 4 * 1024 * 1024;

/**
 * The connection to the server, which knows the API keys. Only to be asked what may be asked twice:
 * a question whose connection was closed while it lay idle is sent again.
 *
 * @param url where the server answers the vault, e.g. `https://localhost:8445`
 */
export function createKeyServer(url: string, tls: InternalTls) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 16,
    timeout: 4_000,
    minVersion: 'TLSv1.3',
    checkServerIdentity: refuseOthers,
    ...tls,
  });

  function send(path: string, text: string, timeoutMs: number): Promise<ServerReply> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest({
        agent,
        host: hostname.replace(/^\[|\]$/g, ''),
        port: port === '' ? 443 : port,
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        signal: AbortSignal.timeout(timeoutMs),
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        const stale = request.reusedSocket && error.code === 'ECONNRESET';
        reject(stale ? new StaleConnection() : error);
      });
      request.on('response', (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
          if (body.length > answerLimit) request.destroy(new Error('the answer is too long'));
        });
        response.on('error', reject);
        response.on('end', () => {
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) });
          } catch (error) {
            reject(error);
          }
        });
      });
      request.end(text);
    });
  }

  return {
    /** Throws when there is no answer. */
    async ask(path: string, body: object, timeoutMs: number): Promise<ServerReply> {
      const text = JSON.stringify(body);
      return await send(path, text, timeoutMs).catch((error: unknown) => {
        if (error instanceof StaleConnection) return send(path, text, timeoutMs);
        throw error;
      });
    },
    close: () => agent.destroy(),
  };
}

export type KeyServer = ReturnType<typeof createKeyServer>;

class StaleConnection extends Error {}

/**
 * Any process of PayOS has a certificate of the internal CA; only the server knows keys. And its
 * certificate has to be for the host that was asked: another machine of ours is another.
 */
function refuseOthers(host: string, certificate: PeerCertificate): Error | undefined {
  const name = certificate.subject.CN;
  if (name !== 'payos-server') return new Error('the peer is not payos-server');
  return checkServerIdentity(host, certificate);
}
