import type { Section } from './document.ts';
import type { Each } from './sections.ts';

const dateOf = (time: string | null) => (time === null ? '' : time.slice(0, 10));

/** The ways in which a card can leave, beside those to processors. */
export function outletSections(each: Each): Section[] {
  return [destinations(each), revealKeys(each)];
}

function destinations(each: Each): Section {
  return {
    title: 'Destinations that cards are forwarded to',
    text: 'Named by one person, in live mode approved by another. Forwards are those of that time.',
    columns: [
      ...['organization', 'mode', 'name', 'URL', 'state', 'asked by', 'decided by'],
      ...['decided', 'forwards'],
    ],
    rows: each(({ destinations: all }) =>
      all.map((one) => [
        ...[one.mode, one.name, one.url, one.status, one.requested_by ?? '', one.decided_by ?? ''],
        ...[dateOf(one.decided_at), String(one.forwards)],
      ]),
    ),
  };
}

function revealKeys(each: Each): Section {
  return {
    title: 'Keys that revealed cards are sealed to',
    text: 'Registered by one person, approved by another. Reveals are those of that time.',
    columns: [
      ...['organization', 'mode', 'name', 'thumbprint', 'state', 'asked by', 'decided by'],
      ...['decided', 'reveals'],
    ],
    rows: each(({ reveal_keys: all }) =>
      all.map((one) => [
        ...[one.mode, one.name, one.thumbprint, one.status],
        ...[one.requested_by ?? '', one.decided_by ?? '', dateOf(one.decided_at)],
        String(one.reveals),
      ]),
    ),
  };
}
