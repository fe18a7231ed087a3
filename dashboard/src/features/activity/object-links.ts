/** Pages of single objects, by the prefix of their ids. */
const pages: Readonly<Record<string, string>> = {
  pay: '/payments/',
  re: '/refunds/',
  cus: '/customers/',
  cs: '/checkout-sessions/',
  pm: '/payment_methods/',
  evt: '/events/',
  fwd: '/forwards/',
  key: '/api-keys/',
  mem: '/members/',
  role: '/roles/',
};

/** Where the object with this id is shown; undefined when it has no page. */
export function pageOf(id: string): string | undefined {
  const [prefix = ''] = id.split('_', 1);
  const path = Object.hasOwn(pages, prefix) ? pages[prefix] : undefined;
  return path === undefined ? undefined : path + id;
}
