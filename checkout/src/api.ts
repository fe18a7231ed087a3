import type { schemas } from 'payos-contract';

export type View = schemas.CheckoutView;

/** An answer that is no success. `code` is that of the API; `offline` where there was none. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Longer than a processor may take. */
const timeoutMs = 60_000;

/** What the page asks, with the secret behind the `#` of its URL, which goes nowhere else. */
export function createApi(session: string, secret: string) {
  const ask = async (verb: string, body?: schemas.ConfirmCheckout): Promise<View> => {
    const headers: Record<string, string> = { Authorization: `Bearer ${secret}` };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const request: RequestInit = {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    };
    const url = `/v1/checkout_sessions/${session}/${verb}`;
    const response = await fetch(url, request).catch(() => {
      throw new Refused('offline');
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer as View;
    throw new Refused(String((answer as { code?: unknown }).code ?? 'offline'));
  };
  return {
    view: () => ask('page'),
    confirm: (body: schemas.ConfirmCheckout) => ask('confirm', body),
  };
}

export type Api = ReturnType<typeof createApi>;
