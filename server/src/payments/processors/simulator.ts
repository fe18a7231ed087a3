import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { Agent, type Dispatcher, errors, request } from 'undici';
import type { AttemptKind } from '../attempt.ts';
import type { Call, CardRequest, Finding, Outcome, Processor } from './processor.ts';

type Options = { url: string; secret: string; ca: string | undefined; timeoutMs: number };

const Charge = Type.Object({
  id: Type.String(),
  status: Type.Enum(['authorized', 'captured', 'canceled', 'declined']),
  decline_code: Type.Union([Type.String(), Type.Null()]),
  cvc_check: Type.Union([Type.String(), Type.Null()]),
});
const Operation = Type.Object({
  id: Type.String(),
  status: Type.Enum(['succeeded', 'failed']),
  error: Type.Union([Type.String(), Type.Null()]),
});
const Found = Type.Object({
  found: Type.Literal(true),
  charge: Charge,
  operation: Type.Union([Operation, Type.Null()]),
});

const checkCharge = Compile(Charge);
const checkOperation = Compile(Operation);
const checkFound = Compile(Found);

const paths = { capture: 'capture', cancel: 'void', refund: 'refunds' } as const;
const answerMax = 64 * 1024;

/** The connector to the built-in test processor. */
export function simulator({ url, secret, ca, timeoutMs }: Options): Processor {
  const dispatcher = new Agent({
    connections: 64,
    connect: { minVersion: 'TLSv1.2', timeout: 3_000, ...(ca === undefined ? {} : { ca }) },
  });
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const ask = (method: 'GET' | 'POST', path: string, body?: object) =>
    call(dispatcher, timeoutMs, url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    name: 'simulator',
    // The vault sets the content type itself: it describes the body that the vault writes.
    authorization: (attempt) =>
      authorization(url, { authorization: headers.authorization }, attempt),
    readAuthorization,
    operate: async (attempt) => {
      const { id, kind, amount, processorReference } = attempt;
      if (kind === 'authorize') throw new Error('an authorization goes through the vault');
      const body = { idempotency_key: id, ...(kind === 'cancel' ? {} : { amount }) };
      const path = `/v1/charges/${processorReference}/${paths[kind]}`;
      const answer = await ask('POST', path, body);
      return answer.ok ? readOperation(answer.status, answer.body) : answer.outcome;
    },
    find: async (id, kind) => {
      const answer = await ask('GET', `/v1/operations/${id}`);
      return answer.ok ? readFinding(answer.status, answer.body, kind) : unknown('no answer');
    },
  };
}

function authorization(url: string, headers: Record<string, string>, call: Call): CardRequest {
  return {
    method: 'POST',
    url: `${url}/v1/charges`,
    headers,
    body: {
      idempotency_key: call.id,
      amount: call.amount,
      currency: call.currency,
      capture: call.capture === 'automatic',
      initiated_by: call.initiatedBy,
      ...(call.reference === null ? {} : { reference: withoutBraces(call.reference) }),
      card: {
        number: '{{card.number}}',
        exp_month: '{{card.exp_month}}',
        exp_year: '{{card.exp_year}}',
        code: '{{card.code}}',
        name: '{{card.name}}',
      },
    },
  };
}

/** A merchant's text must never become a placeholder: the vault would put the card there. */
function withoutBraces(text: string): string {
  return text.replaceAll(/[{}]/g, '');
}

function readAuthorization(status: number, body: unknown): Outcome {
  if (status === 200 && checkCharge.Check(body)) return fromCharge(body);
  return refused(status, body);
}

function readOperation(status: number, body: unknown): Outcome {
  if (status === 200 && checkOperation.Check(body)) return fromOperation(body);
  return refused(status, body);
}

function readFinding(status: number, body: unknown, kind: AttemptKind): Finding {
  if (status === 404) return { kind: 'absent' };
  if (status !== 200 || !checkFound.Check(body)) return unknown(`status query: ${status}`);
  if (kind === 'authorize') return fromCharge(body.charge);
  return body.operation === null ? unknown('no operation') : fromOperation(body.operation);
}

function fromCharge(charge: Static<typeof Charge>): Outcome {
  const cvcCheck = charge.cvc_check;
  if (charge.status !== 'declined') return { kind: 'approved', reference: charge.id, cvcCheck };
  const declineCode = charge.decline_code ?? 'generic_decline';
  return { kind: 'declined', reference: charge.id, declineCode, cvcCheck };
}

function fromOperation(operation: Static<typeof Operation>): Outcome {
  if (operation.status === 'succeeded') {
    return { kind: 'approved', reference: operation.id, cvcCheck: null };
  }
  return { kind: 'failed', failure: operation.error ?? 'refused' };
}

/** A 4xx is a clear no. After a 5xx nobody knows what happened, whatever the body says. */
function refused(status: number, body: unknown): Outcome {
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : '';
  const words = `${status} ${String(said).slice(0, 100)}`.trim();
  if (status >= 400 && status < 500) {
    return { kind: 'failed', failure: `processor_refused: ${words}` };
  }
  // A gateway in front of the processor would answer in another form; its origin may go on.
  return { ...unknown(words), over: said !== '' };
}

function unknown(detail: string): Outcome & { kind: 'unknown' } {
  return { kind: 'unknown', detail };
}

type Answer = { ok: true; status: number; body: unknown } | { ok: false; outcome: Outcome };

async function call(
  dispatcher: Dispatcher,
  timeoutMs: number,
  url: string,
  options: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { statusCode, body } = await request(url, { ...options, dispatcher, signal });
    const text = await body.text();
    if (text.length > answerMax) return { ok: false, outcome: unknown('the answer is too long') };
    return { ok: true, status: statusCode, body: JSON.parse(text) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    const notSent = error instanceof errors.ConnectTimeoutError || code === 'ECONNREFUSED';
    const outcome: Outcome = notSent ? { kind: 'failed', failure: 'not_sent' } : unknown(code);
    return { ok: false, outcome };
  }
}
