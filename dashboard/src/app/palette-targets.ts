import { useCan } from '../api/session.ts';
import type { IconName } from '../ui/icon.tsx';
import { usePermittedEntries } from './navigation.tsx';
import { pages } from './pages.ts';

export type Target = { to: string; label: string; icon: IconName; hint?: string };

/** Pages of single objects, by the prefix of their ids. */
const objectPages: readonly [prefix: RegExp, path: string, label: string, icon: IconName][] = [
  [/^pay_\w+$/, '/payments/', 'Payment', 'card'],
  [/^re_\w+$/, '/refunds/', 'Refund', 'refund'],
  [/^cus_\w+$/, '/customers/', 'Customer', 'user'],
  [/^cs_\w+$/, '/checkout-sessions/', 'Checkout session', 'link'],
  [/^pm_\w+$/, '/payment_methods/', 'Saved card', 'card'],
  [/^evt_\w+$/, '/events/', 'Event', 'bell'],
  [/^key_\w+$/, '/api-keys/', 'API key', 'key'],
  [/^mem_\w+$/, '/members/', 'Member', 'users'],
];

/** Where a text can lead: to the page of an object, to pages by their names, into a search. */
export function useTargets(typed: string): Target[] {
  const known = usePages();
  const searches = useSearches();
  const text = typed.trim();
  const wanted = text.toLowerCase();
  const objects = objectPages.flatMap(([prefix, path, label, icon]) =>
    prefix.test(text) ? [{ to: path + text, label, icon, hint: text }] : [],
  );
  const named = known.filter(({ label }) => label.toLowerCase().includes(wanted));
  const asked = text === '' ? [] : searches.map((search) => search(text));
  return [...objects, ...named, ...asked];
}

function usePages(): Target[] {
  const entries = usePermittedEntries();
  const can = useCan();
  const further = pages.flatMap(({ path, permission, palette }) =>
    palette === undefined || (permission !== undefined && !can(permission))
      ? []
      : [{ to: path, ...palette }],
  );
  return [
    ...entries.map(({ path, nav }) => ({ to: path, label: nav.label, icon: nav.icon })),
    ...further,
    { to: '/account', label: 'Your account', icon: 'user' },
    { to: '/account/sessions', label: 'Your sessions', icon: 'monitor' },
  ];
}

function useSearches(): ((text: string) => Target)[] {
  const can = useCan();
  const search = (path: string, what: string) => (text: string) => ({
    to: `${path}?${new URLSearchParams({ q: text })}`,
    label: `Search ${what}`,
    icon: 'search' as const,
    hint: text,
  });
  return [
    ...(can('payments:read') ? [search('/payments', 'payments')] : []),
    ...(can('customers:read') ? [search('/customers', 'customers')] : []),
  ];
}
