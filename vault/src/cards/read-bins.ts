import { readFileSync } from 'node:fs';
import { type BinRange, fundings } from './bins.ts';

type ReadBins = { ranges: BinRange[]; mistakes: string[] };

const columns = ['from', 'to', 'funding', 'country'];
/** So many are told at once. */
const mistakesMax = 20;

/**
 * Reads a file of BIN data: lines of comma-separated values without quotes, the first of which is
 * `from,to,funding,country`. `from` and `to` are the first six to eight digits of numbers, both
 * included; `funding` and `country` may be empty. Says what is wrong with which line, and repeats
 * nothing of it: what is in the wrong column might be a card number.
 */
export function readBins(text: string): ReadBins {
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (head !== columns.join(',')) {
    return { ranges: [], mistakes: [`line 1: the first line is not ${columns.join(',')}`] };
  }
  const mistakes: string[] = [];
  const read: (BinRange & { line: number })[] = [];
  for (const [index, row] of lines.entries()) {
    if (row === '' && index === lines.length - 1) continue;
    const range = readRow(row);
    if (typeof range === 'string') mistakes.push(`line ${index + 2}: ${range}`);
    else read.push({ ...range, line: index + 2 });
  }
  read.sort((a, b) => a.from - b.from);
  for (const [index, range] of read.entries()) {
    const before = read[index - 1];
    if (before !== undefined && range.from <= before.to) {
      mistakes.push(`line ${range.line}: overlaps with line ${before.line}`);
    }
  }
  const ranges = read.map(({ line, ...range }) => range);
  return { ranges, mistakes: mistakes.slice(0, mistakesMax) };
}

/** {@link readBins} of a file. One that cannot be read is a mistake, too. */
export function readBinsFile(path: string): ReadBins {
  try {
    return readBins(readFileSync(path, 'utf8'));
  } catch {
    return { ranges: [], mistakes: ['the file cannot be read'] };
  }
}

function readRow(row: string): BinRange | string {
  const cells = row.split(',');
  const [from = '', to = '', funding = '', country = ''] = cells;
  if (cells.length !== columns.length) return `there are ${cells.length} columns, not 4`;
  if (!/^[0-9]{6,8}$/.test(from)) return 'from is not 6 to 8 digits';
  if (!/^[0-9]{6,8}$/.test(to)) return 'to is not 6 to 8 digits';
  const range = { from: Number(from.padEnd(8, '0')), to: Number(to.padEnd(8, '9')) };
  if (range.to < range.from) return 'to is before from';
  const known = fundings.find((name) => name === funding);
  if (funding !== '' && known === undefined) return `funding is not ${fundings.join(', ')}`;
  if (!/^([A-Z]{2})?$/.test(country)) return 'country is not two capital letters';
  return { ...range, funding: known ?? null, country: country || null };
}
