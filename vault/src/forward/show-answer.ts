import { parseStrictJson, type schemas } from 'payos-contract';
import type { CardFinder } from './card-finder.ts';
import type { DestinationAnswer } from './send-to-destination.ts';

/** Headers of an answer that say something to the merchant. */
const shownHeaders = [
  'content-type',
  'etag',
  'idempotency-key',
  'idempotent-replayed',
  'location',
  'request-id',
  'retry-after',
  'x-correlation-id',
  'x-request-id',
] as const;
const headerMax = 500;

type Shown = Pick<schemas.RequestForwarded, 'headers' | 'body' | 'redacted' | 'detail'>;

const replacement = '[card data removed]';
/** Nothing of a body that has these is text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const notText = /[\u0000-\u0008\u000e-\u001f]/;

/** What of an answer may leave the vault. Card data stays, wherever the answer repeats it. */
export function showAnswer(answer: DestinationAnswer, finder: CardFinder): Shown {
  const headers = showHeaders(answer, finder);
  const withheld = (detail: string): Shown => ({
    headers,
    body: null,
    redacted: 'withheld',
    detail,
  });
  if (answer.body === undefined) return withheld('response_too_large');
  const encoding = answer.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return withheld('response_encoded');
  const text = asText(answer.body);
  if (text === undefined) return withheld('response_not_text');
  if (text === '') return { headers, body: null, redacted: 'none', detail: null };
  const parsed = parseStrictJson(text);
  if (!finder.finds(text) && !(parsed.ok && holdsCode(parsed.value, finder))) {
    const body = parsed.ok ? parsed.value : text;
    return { headers, body, redacted: 'none', detail: null };
  }
  const body = parsed.ok ? withoutCard(parsed.value, finder) : undefined;
  // What was spread over several members is still there.
  if (body === undefined || finder.finds(JSON.stringify(body))) return withheld(leak);
  return { headers, body, redacted: 'replaced', detail: leak };
}

export const leak = 'response_contained_card_data';

function showHeaders({ headers }: DestinationAnswer, finder: CardFinder): Record<string, string> {
  const shown = shownHeaders.flatMap((name) => {
    const value = headers[name];
    if (typeof value !== 'string' || value.length > headerMax) return [];
    if (notText.test(value) || finder.finds(value)) return [];
    return [[name, value] as const];
  });
  return Object.fromEntries(shown);
}

/** UTF-8 without control characters; in other encodings a number could hide between them. */
function asText(body: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return notText.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What is within a member for a code is for a code, however it is called itself. */
const within = (outer: string, name: string, finder: CardFinder) =>
  finder.isForCode(outer) ? outer : name;

function holdsCode(value: unknown, finder: CardFinder, name = ''): boolean {
  if (typeof value === 'string' || typeof value === 'number') return finder.findsCode(name, value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => holdsCode(item, finder, name));
  return Object.entries(value).some(([key, inner]) => {
    return holdsCode(inner, finder, within(name, key, finder));
  });
}

/** The same with every value that holds the card replaced; undefined where a name does. */
function withoutCard(value: unknown, finder: CardFinder, name = ''): unknown {
  if (typeof value === 'string' || typeof value === 'number') {
    const isFound = finder.finds(String(value)) || finder.findsCode(name, value);
    return isFound ? replacement : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutCard(item, finder, name));
  const members = Object.entries(value).map(([key, inner]) => {
    return [key, withoutCard(inner, finder, within(name, key, finder))] as const;
  });
  return Object.fromEntries(members);
}
