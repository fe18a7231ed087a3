import { expiryOf } from '../card/expiry.ts';
import type { PartName } from '../card/part.ts';
import { randomName } from '../random.ts';
import { problemText, type Texts } from '../texts/texts.ts';
import type { Failure, PublicToken } from '../wire.ts';
import type { Values } from './join.ts';

type Made = { token: PublicToken; failure: undefined } | { token: undefined; failure: Failure };
type Problem = { code?: unknown; param?: unknown; errors?: unknown };

const timeoutMs = 30_000;

/**
 * `POST /v1/tokens` of the vault that served this frame. A request whose answer was lost is sent
 * once more under the same Idempotency-Key.
 */
export async function createToken(
  key: string,
  values: Values,
  name: string | undefined,
  texts: Texts,
): Promise<Made> {
  const request: RequestInit = {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `fields-${randomName()}`,
    },
    body: JSON.stringify(bodyOf(values, name)),
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  };
  try {
    const response = await send(request).catch(() => send(request));
    const body: unknown = await response.json();
    if (response.ok) return { token: publicPart(body as PublicToken), failure: undefined };
    return { token: undefined, failure: failureOf(body as Problem, texts) };
  } catch {
    const code = 'unreachable';
    return { token: undefined, failure: { code, message: problemText(texts, code) } };
  }
}

/** A card; or a security code alone, for a card that is saved already. */
function bodyOf({ number, expiry = '', cvc }: Values, name: string | undefined): object {
  if (number === undefined) return { type: 'cvc', cvc };
  const { month, year } = expiryOf(expiry);
  const more = { ...(cvc === undefined ? {} : { cvc }), ...(name === undefined ? {} : { name }) };
  return { type: 'card', card: { number, exp_month: month, exp_year: year, ...more } };
}

const send = (request: RequestInit) =>
  fetch('/v1/tokens', { ...request, signal: AbortSignal.timeout(timeoutMs) });

/** What a page may know, by name: whatever the vault's answer learns to say stays in here. */
function publicPart(token: PublicToken): PublicToken {
  const { id, mode, created_at, expires_at } = token;
  const shared = { id, mode, created_at, expires_at };
  if (token.object === 'cvc_token') return { ...shared, object: 'cvc_token' };
  const { brand, last4, exp_month, exp_year } = token.card;
  const card = { brand, last4, exp_month, exp_year };
  return { ...shared, object: 'token', card, single_use: token.single_use };
}

const pointers: readonly (readonly [RegExp, PartName])[] = [
  [/number$/, 'number'],
  [/exp_(month|year)$/, 'expiry'],
  [/cvc$/, 'cvc'],
];

function failureOf({ code, param, errors }: Problem, texts: Texts): Failure {
  const [first] = Array.isArray(errors) ? (errors as { pointer?: unknown }[]) : [];
  const place = String(first?.pointer ?? param ?? '');
  const field = pointers.find(([pattern]) => pattern.test(place))?.[1];
  const named = typeof code === 'string' ? code : 'unreachable';
  const shown = named === 'invalid_card' && field !== undefined ? `invalid_${field}` : named;
  const failure = { code: shown, message: problemText(texts, shown) };
  return field === undefined ? failure : { ...failure, field };
}
