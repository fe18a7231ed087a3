/** As `GET /v1/payments` takes it. */
export type PaymentQuery = Readonly<Record<string, string>>;

/** Ranges that move with the clock, in minutes. */
export const ranges: readonly { value: string; label: string; minutes: number }[] = [
  { value: '30m', label: 'Last 30 minutes', minutes: 30 },
  { value: '1h', label: 'Last hour', minutes: 60 },
  { value: '24h', label: 'Last 24 hours', minutes: 24 * 60 },
  { value: '7d', label: 'Last 7 days', minutes: 7 * 24 * 60 },
  { value: '30d', label: 'Last 30 days', minutes: 30 * 24 * 60 },
];

/** Of the address of the page: what is passed on to the API as it is. */
const passedOn = [
  'q',
  'status',
  'refunded',
  'currency',
  'amount_min',
  'amount_max',
  'customer',
  'reference',
  'last4',
  'decline_code',
] as const;

/** Every filter that can stand in the address of the page. */
export const filterNames: readonly string[] = [
  ...passedOn,
  'range',
  'created_after',
  'created_before',
];

/**
 * The API's query of a page whose address has these parameters. The address keeps what was meant
 * (`range=24h`, a local time), the query says it in the API's words.
 *
 * @param nowMs milliseconds since 1970; ranges begin at a full minute, so that the query stays the
 *   same while somebody looks at the page
 */
export function paymentQuery(params: URLSearchParams, nowMs: number): PaymentQuery {
  const given = passedOn.flatMap((name) => {
    const value = params.get(name)?.trim();
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(given), ...createdRange(params, nowMs) };
}

function createdRange(params: URLSearchParams, nowMs: number): PaymentQuery {
  const range = ranges.find(({ value }) => value === params.get('range'));
  if (range !== undefined) {
    const minute = Math.floor(nowMs / 60_000) - range.minutes;
    return { created_after: new Date(minute * 60_000).toISOString() };
  }
  if (params.get('range') !== 'custom') return {};
  const after = asInstant(params.get('created_after'));
  const before = asInstant(params.get('created_before'));
  return {
    ...(after === undefined ? {} : { created_after: after }),
    ...(before === undefined ? {} : { created_before: before }),
  };
}

/** `2026-11-23T10:00` of the reader's time zone as an instant. */
function asInstant(local: string | null): string | undefined {
  if (local === null || local === '') return undefined;
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Lists that many look at, as addresses. */
export const views: readonly { label: string; search: string }[] = [
  { label: 'All', search: '' },
  { label: 'Failed, 24 hours', search: 'status=failed&range=24h' },
  { label: 'Waiting for capture', search: 'status=requires_capture' },
  { label: 'Refunded', search: 'refunded=true' },
];

/** Whether the filters of an address are those of a view; where one is in the list is no filter. */
export function isView(params: URLSearchParams, search: string): boolean {
  const view = new URLSearchParams(search);
  return filterNames.every((name) => (params.get(name) ?? '') === (view.get(name) ?? ''));
}

/** How many filters are set, besides those of the first row. */
export function countFurther(params: URLSearchParams): number {
  const first = ['q', 'status', 'range', 'created_after', 'created_before'];
  return filterNames.filter((name) => !first.includes(name) && params.get(name)).length;
}
