import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestCertificate, testCertificate } from './certificates.ts';

export type Recorded = { method: string; url: string; headers: IncomingHttpHeaders; body: string };

/** `drop` closes the connection after the request was read, `hang` never answers. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; body?: unknown; raw?: string }
  | 'drop'
  | 'hang';

export type TestServer = {
  url: string;
  caFile: string;
  cert: string;
  requests: Recorded[];
  close: () => Promise<void>;
};

/** A real HTTPS server that answers from a script; the last answer repeats. */
export async function startServer(
  answers: Answer[] | ((request: Recorded) => Answer),
  certificate?: TestCertificate,
): Promise<TestServer> {
  const used = certificate ?? (await testCertificate());
  const { cert, key, caFile } = used;
  const requests: Recorded[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    void readBody(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const recorded = { method, url, headers, body };
      requests.push(recorded);
      const scripted = (list: Answer[]) => list[Math.min(requests.length, list.length) - 1];
      const next = typeof answers === 'function' ? answers(recorded) : scripted(answers);
      reply(next ?? {}, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      if (certificate === undefined) used.remove();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `https://localhost:${port}`, caFile, cert, requests, close };
}

/** The body of an error answer. */
export function problem(code: string, status: number, more: object = {}): Answer {
  const title = `Title of ${code}.`;
  const body = { title, status, code, detail: title, request_id: 'req_1', fix: 'Do it.', ...more };
  return { status, headers: { 'content-type': 'application/problem+json' }, body };
}

function reply(answer: Answer, response: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'drop') {
    response.destroy();
    return;
  }
  const headers = { 'content-type': 'application/json', ...answer.headers };
  response.writeHead(answer.status ?? 200, headers);
  response.end(answer.raw ?? JSON.stringify(answer.body ?? {}));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
