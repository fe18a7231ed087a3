import { ApiProblem, isProblem } from '../api/index.ts';

/** Entries as people type them: one per line, or with commas between. */
export const entriesOf = (text: string): string[] =>
  text.split(/[\s,;]+/).filter((entry) => entry !== '');

/** The same without repetitions. A single address is a range of one. */
export const rangesOf = (text: string): string[] => [...new Set(entriesOf(text).map(asRange))];

function asRange(entry: string): string {
  if (entry.includes('/')) return entry;
  if (/^[\d.]+$/.test(entry)) return `${entry}/32`;
  return entry.includes(':') ? `${entry}/128` : entry;
}

/** A list as it stands in a text field, and as it was sent. */
type List = { text: string; entries: readonly string[] };

/** What the API says of the n-th entry of a list, with the line on which it was typed. */
export function withLines(error: unknown, lists: Readonly<Record<string, List>>): unknown {
  if (!isProblem(error)) return error;
  const errors = error.problem.errors?.map((one) => {
    const [, name = '', index] = one.pointer.split('/');
    const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
    if (list === undefined || index === undefined) return one;
    const typed = (list.entries[Number(index)] ?? '').replace(/\/(32|128)$/, '');
    const line = list.text
      .toLowerCase()
      .split('\n')
      .findIndex((text) => text.includes(typed.toLowerCase()));
    const place = line < 0 ? '' : `Line ${line + 1}, `;
    return { ...one, message: `${place}“${typed}”: ${one.message}` };
  });
  return errors === undefined ? error : new ApiProblem({ ...error.problem, errors });
}
