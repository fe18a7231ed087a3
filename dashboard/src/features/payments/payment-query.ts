import { rangeNames } from '../../shared/time-range.ts';

/** As `GET /v1/payments` takes it. */
export type PaymentQuery = Readonly<Record<string, string>>;

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
export const filterNames: readonly string[] = [...passedOn, ...rangeNames];

/** The API's query of a page whose address has these parameters, besides its range of times. */
export function paymentQuery(params: URLSearchParams): PaymentQuery {
  const given = passedOn.flatMap((name) => {
    const value = params.get(name)?.trim();
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
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
  const first: readonly string[] = ['q', 'status', ...rangeNames];
  return filterNames.filter((name) => !first.includes(name) && params.get(name)).length;
}
