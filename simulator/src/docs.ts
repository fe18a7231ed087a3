import { readFileSync, writeFileSync } from 'node:fs';
import { type CardRule, cards } from './cards.ts';

/** The page whose card table is written by this script. */
export const pageFile = new URL('../../docs/simulator.md', import.meta.url);

const start = '<!-- cards: written by simulator/src/docs.ts -->';
const end = '<!-- end of cards -->';

/** The table of magic cards as Markdown. */
export function cardTable(): string {
  const rows = [...cards.approved, ...cards.declined, ...cards.faulty].map(rowOf);
  return ['| Number | What happens | `decline_code` |', '|---|---|---|', ...rows].join('\n');
}

/** The page with the table put in anew. Throws when the page has no place for it. */
export function renderPage(page: string): string {
  const before = page.split(start)[0];
  const after = page.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`no place: ${start} … ${end}`);
  return `${before}${start}\n\n${cardTable()}\n\n${end}${after}`;
}

function rowOf(rule: CardRule): string {
  const fine = rule.declines === undefined && rule.behaviour === undefined;
  const text = fine ? `Approved (${rule.text})` : rule.text;
  const code = rule.declines === undefined ? '' : `\`${rule.declines}\``;
  return `| \`${spaced(rule.number)}\` | ${text} | ${code} |`;
}

/** As printed on a card: groups of four, or 4-6-5 and 4-6-4 for numbers of 15 and 14 digits. */
function spaced(number: string): string {
  const groups = number.length === 16 ? /.{4}/g : /^.{4}|(?<=^.{4}).{6}|.+$/g;
  return (number.match(groups) ?? [number]).join(' ');
}

if (import.meta.main) {
  const page = renderPage(readFileSync(pageFile, 'utf8'));
  if (process.argv.includes('--write')) writeFileSync(pageFile, page);
  else process.stdout.write(page);
}
