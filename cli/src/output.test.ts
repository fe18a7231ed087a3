import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, createOutput } from './output.ts';

type Row = { id: string; count: number | null };
const columns: Column<Row>[] = [
  { title: 'id', of: (row) => row.id },
  { title: 'count', of: (row) => row.count },
];
const rows: Row[] = [
  { id: 'a', count: 12 },
  { id: 'longer', count: null },
];

function capture(isTTY: boolean) {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
    },
  });
  return { output: createOutput(stream('out'), stream('err')), written };
}

test('a terminal gets aligned columns under titles, a pipe tabs without titles', () => {
  const terminal = capture(true);
  terminal.output.table(rows, columns, 'none');
  assert.equal(terminal.written.out, 'ID      COUNT\na       12\nlonger  -\n');
  const pipe = capture(false);
  pipe.output.table(rows, columns, 'none');
  assert.equal(pipe.written.out, 'a\t12\nlonger\t-\n');
});

test('what a name contains cannot steer the terminal', () => {
  const { output, written } = capture(true);
  output.table([{ id: 'a\u001b]0;x\u0007\u202eb\n', count: 1 }], columns, 'none');
  output.line('\u001b[31m');
  output.remark('\r\u009b');
  const shown = written.out + written.err;
  assert.doesNotMatch(shown.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  assert.equal(written.out.split('\n').length, 4);
});

test('JSON keeps what a name contains, in characters that steer no terminal', () => {
  const { output, written } = capture(true);
  const name = 'a\u001b\u007f\u009b\u202e\u2069\u2026é';
  output.json({ [name]: name });
  assert.match(written.out, /"a\\u001b\\u007f\\u009b\\u202e\\u2069…é"/);
  assert.deepEqual(JSON.parse(written.out), { [name]: name });
});
