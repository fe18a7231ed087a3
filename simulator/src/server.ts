import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, refuse } from './answer.ts';
import { type Faults, noFaults } from './faults.ts';
import type { Log } from './log.ts';
import { happens } from './random.ts';
import { readBody } from './read-body.ts';
import { createRouter } from './router.ts';
import { type FaultSwitch, type Route, routesOf } from './routes.ts';
import { secretCheck } from './secret.ts';

export type ServerOptions = {
  db: DatabaseSync;
  log: Log;
  /** The bearer secret that every caller must send. */
  secret: string;
  /** PEM. */
  tls: { cert: string; key: string };
};

/** The simulator's HTTPS server, not yet listening. */
export function createSimulatorServer({ db, log, secret, tls }: ServerOptions): Server {
  const faults: FaultSwitch = { current: noFaults };
  const find = createRouter(routesOf(db, faults));
  const allowed = secretCheck(secret);

  const decide = async (request: IncomingMessage): Promise<Answer> => {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const match = find(request.method ?? '', path);
    const open = match.found === 'route' && match.route.kind === 'open';
    if (!open && !allowed(request.headers.authorization)) return refuse(401, 'unauthorized');
    if (match.found === 'nothing') return refuse(404, 'not_found');
    if (match.found === 'other_method') {
      return { ...refuse(405, 'method_not_allowed'), allow: match.allow };
    }
    const { route, param } = match;
    const body =
      route.method === 'GET' ? ({ ok: true, value: undefined } as const) : await readBody(request);
    if (!body.ok) return body.answer;
    const input = { param, query: new URLSearchParams(query), body: body.value };
    return withFaults(faults.current, route, () => route.handle(input));
  };

  const options = { ...tls, minVersion: 'TLSv1.2', ...timeouts } as const;
  return createServer(options, (request, response) => {
    void serve(decide, log, request, response);
  });
}

/**
 * Connections stay open for a while after their last request, so that callers with a pool do not
 * meet a connection that closes under their hands.
 */
const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 };

async function serve(
  decide: (request: IncomingMessage) => Promise<Answer>,
  log: Log,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let answer: Answer;
  try {
    answer = await decide(request);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    log('error', 'request failed', { reason: error instanceof Error ? error.message : 'unknown' });
    answer = refuse(500, 'internal');
  }
  if (answer.waitMs !== undefined && answer.waitMs > 0) {
    await wait(answer.waitMs, undefined, { ref: false });
  }
  log('debug', 'answered', { status: answer.status, dropped: answer.drop === true });
  if (answer.drop) request.socket.destroy();
  else send(response, answer);
}

/** Does the work of a route under the faults in force. */
function withFaults(faults: Faults, route: Route, work: () => Answer): Answer {
  if (route.kind === 'open' || route.kind === 'control') return work();
  const late = (answer: Answer): Answer => {
    return { ...answer, waitMs: (answer.waitMs ?? 0) + faults.latency_ms };
  };
  if (faults.outage) return late(refuse(503, 'outage'));
  if (route.kind === 'query') return late(work());
  if (happens(faults.not_recorded_drop_ratio)) {
    return late({ ...refuse(503, 'outage'), drop: true });
  }
  const answer = work();
  const drop = answer.drop || (answer.recorded && happens(faults.drop_after_charge_ratio)) || false;
  return late({ ...answer, drop });
}

function send(response: ServerResponse, answer: Answer): void {
  const payload = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': payload.length,
    'cache-control': 'no-store',
    ...(answer.allow === undefined ? {} : { allow: answer.allow }),
    ...(answer.close ? { connection: 'close' } : {}),
  });
  response.end(payload);
}

/**
 * Stops taking connections and waits for the requests being worked on; those that still wait for
 * a delayed answer after `graceMs` milliseconds are cut off.
 */
export async function stopServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await Promise.race([closed, wait(graceMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}
