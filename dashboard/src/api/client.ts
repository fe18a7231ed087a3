import type { Mode, Problem, schemas } from 'payos-contract';
import { noteUse } from './idle.ts';
import { currentMode } from './mode.ts';
import { ApiProblem, NoAnswer } from './problem.ts';
import { queryClient } from './query-client.ts';
import { noteRefusal } from './refusal.ts';
import { noteEnd } from './session-end.ts';
import { confirmAgain } from './step-up.ts';

export type Query = Readonly<Record<string, string | number | undefined>>;

export type Request = {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  query?: Query | undefined;
  /** Nobody asked for it by hand: does not keep the session alive. */
  background?: boolean | undefined;
  /** Default: the mode that is switched on. */
  mode?: Mode | undefined;
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
};

export const sessionKey = ['session'] as const;

/**
 * Asks the API, as the person who is signed in. Where it wants a factor again, the person is asked
 * and the request repeated once; a request that is refused for that reason has done nothing.
 *
 * @param path e.g. `/v1/payments`
 * @throws ApiProblem an answer that says no
 * @throws NoAnswer there was none
 */
export async function ask<T>(path: string, request: Request = {}): Promise<T> {
  const asked = queryClient.getQueryData<schemas.Session>(sessionKey);
  let answer = await exchange(path, request);
  // Another tab has taken a step since: its token is ours, too. Not if it went to another
  // organization: what was meant for one must never be done in the other.
  if (codeOf(answer) === 'csrf_mismatch' && isSameWork(asked, await readSession(true))) {
    answer = await exchange(path, request);
  }
  if (codeOf(answer) === 'step_up_required') {
    const methods = answer.ok ? [] : (answer.problem.methods ?? []);
    if (await confirmAgain(methods)) answer = await exchange(path, request);
  }
  if (answer.ok) return answer.value as T;
  const { problem } = answer;
  if (endsSession.includes(problem.code) && path !== '/v1/session') {
    await queryClient.invalidateQueries({ queryKey: sessionKey });
  }
  // What one may do has changed: the navigation follows. Not a use, since polls come here, too.
  if (problem.code === 'permission_denied') await readSession(true).catch(() => {});
  if ((request.method ?? 'GET') === 'GET') noteRefusal(problem);
  throw new ApiProblem(problem);
}

/** The sign-in does not stand where the page thought: another tab, or time, has moved it. */
const endsSession: readonly string[] = [
  'not_signed_in',
  'session_expired',
  'sign_in_unfinished',
  'step_not_due',
];

type Work = schemas.Session | undefined;

/** Whether two sessions are of one person in one organization. */
export function isSameWork(a: Work, b: Work): boolean {
  return a?.account?.id === b?.account?.id && a?.organization?.id === b?.organization?.id;
}

/** When the session last came from the server, by this browser's clock. */
export const sessionReadAt = (): number =>
  queryClient.getQueryState(sessionKey)?.dataUpdatedAt ?? 0;

/** Where the sign-in stands; the answer becomes what the whole dashboard goes by. */
export async function readSession(background: boolean): Promise<schemas.Session> {
  const answer = await exchange('/v1/session', { background });
  if (!answer.ok) throw new ApiProblem(answer.problem);
  const session = answer.value as schemas.Session;
  const before = queryClient.getQueryData<schemas.Session>(sessionKey);
  noteEnd(before, session);
  queryClient.setQueryData(sessionKey, session);
  // Another tab has changed the organization: nothing of the one before may stay on the screen.
  if (before?.organization && session.organization && !isSameWork(before, session)) {
    void queryClient.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  }
  return session;
}

type Answer = { ok: true; value: unknown } | { ok: false; problem: Problem };

const codeOf = (answer: Answer) => (answer.ok ? undefined : answer.problem.code);

async function exchange(path: string, request: Request): Promise<Answer> {
  const { method = 'GET', body, query, signal } = request;
  const response = await fetch(path + queryText(query), {
    method,
    headers: headersOf(request),
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new NoAnswer('PayOS does not answer.');
  });
  const value: unknown = await response.json().catch(() => undefined);
  if (!response.ok) return { ok: false, problem: asProblem(value, response) };
  noteUse(value, response.headers.get('date'), request.background === true);
  return { ok: true, value };
}

function headersOf({ method = 'GET', body, background, mode, idempotencyKey }: Request) {
  const token = queryClient.getQueryData<schemas.Session>(sessionKey)?.csrf_token;
  const headers = new Headers({ accept: 'application/json', 'payos-mode': mode ?? currentMode() });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (method !== 'GET' && token) headers.set('payos-csrf', token);
  if (background === true) headers.set('payos-background', '1');
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  return headers;
}

export function queryText(query: Query | undefined): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function asProblem(value: unknown, response: Response): Problem {
  if (typeof value === 'object' && value !== null && 'code' in value) return value as Problem;
  throw new NoAnswer(`PayOS could not be reached: something else answered (${response.status}).`);
}
