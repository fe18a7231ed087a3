/** What a mail says, before it is put into text and HTML: both come from this, so both say it. */
export type Letter = {
  subject: string;
  parts: readonly Part[];
};

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'facts'; rows: readonly (readonly [label: string, value: string])[] }
  | { kind: 'link'; label: string; url: string };

/** A paragraph. What others chose goes through {@link plain} first. */
export const text = (words: string): Part => ({ kind: 'text', text: words });
/**
 * A button with its address beneath it; in text both as lines.
 *
 * @param url on our own public URL
 */
export const link = (label: string, url: string): Part => ({ kind: 'link', label, url });
/** A table; rows without a value are left out. */
export const facts = (rows: readonly (readonly [string, string | null | undefined])[]): Part => ({
  kind: 'facts',
  rows: rows.flatMap(([label, value]) => (value ? [[label, value] as const] : [])),
});

const longest = 80;
/** Line ends, control characters, and what turns the direction of a text around. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/**
 * A word that somebody else chose, made fit to stand in a mail: on one line, of bounded length, and
 * not taken for a link by a mail program, so that nobody sends theirs in our name.
 */
export function plain(words: string): string {
  const line = words.replace(unseen, ' ').replace(/\s+/g, ' ').trim();
  const characters = [...line];
  const cut = characters.length > longest ? `${characters.slice(0, longest).join('')}…` : line;
  // A zero-width space after what joins the parts of a host or an address.
  return cut.replace(/[.:/@](?=\S)/g, '$&\u200b');
}

/** A time as people read it, in UTC: 23 November 2026, 10:05 UTC. */
export function readable(time: string): string {
  const date = new Date(time).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${date}, ${new Date(time).toISOString().slice(11, 16)} UTC`;
}
