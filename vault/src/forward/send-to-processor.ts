import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Processor } from './processor.ts';

const answerLimit = 64 * 1024;

/** What the network did. `text` is the answer's body as it came. */
export type Sent =
  | { outcome: 'answered'; status: number; text: string }
  | { outcome: 'not_sent' | 'unknown'; detail: string };

type Outgoing = {
  processor: Processor;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  timeoutMs: number;
};

/**
 * Sends one request and never a second. Nothing is written before the connection stands and its
 * certificate was checked; from the first byte on, every failure is `unknown`, because the
 * processor may have acted. Redirects are answers like any other. Rejects only when the request
 * cannot be made at all, and nothing was sent.
 */
export function sendToProcessor(agent: Agent, outgoing: Outgoing): Promise<Sent> {
  return new Promise((resolve) => {
    let written = false;
    const request = open(agent, outgoing);
    const settle = (sent: Sent) => {
      clearTimeout(deadline);
      resolve(sent);
    };
    const fail = (detail: string) => {
      settle({ outcome: written ? 'unknown' : 'not_sent', detail });
      request.destroy();
    };
    const deadline = setTimeout(() => fail('timeout'), outgoing.timeoutMs);
    request.on('error', (error) => fail(errorCode(error)));
    request.on('response', (response) => {
      readAnswer(response).then(
        (text) => settle({ outcome: 'answered', status: response.statusCode ?? 0, text }),
        (error) => fail(errorCode(error)),
      );
    });
    onceConnected(request, () => {
      written = true;
      request.end(outgoing.body);
    });
  });
}

function open(agent: Agent, { processor, headers, body }: Outgoing): ClientRequest {
  return httpsRequest({
    agent,
    hostname: processor.hostname,
    port: processor.port,
    path: processor.path,
    method: 'POST',
    maxHeaderSize: 16 * 1024,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': body.length,
      accept: 'application/json',
    },
  });
}

function onceConnected(request: ClientRequest, write: () => void): void {
  request.once('socket', (socket) => {
    const tls = socket as TLSSocket;
    // A connection that was used before stands, and its certificate was found good.
    if (tls.authorized) write();
    else tls.once('secureConnect', write);
  });
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > answerLimit) throw Object.assign(new Error(), { code: 'answer_too_large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A short word for the record: codes of Node and OpenSSL hold nothing of the request. */
function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'connection_failed';
}
