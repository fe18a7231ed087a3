import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Report, toHtml, toMarkdown } from './document.ts';

const evil = 'a|b\n# <script>alert(1)</script> [x](javascript:1) `c` \u202e&amp; ![i](//e)';
const report: Report = {
  title: evil,
  lines: [evil],
  sections: [
    { title: evil, text: evil, columns: ['one', 'two'], rows: [[evil, '']] },
    { title: 'Empty', text: 'None.', columns: ['one'], rows: [], none: evil },
  ],
};

test('names become neither Markdown nor HTML', () => {
  const html = toHtml(report);
  const inside = html.slice(html.indexOf('<body>'));
  const tags = new Set(inside.match(/<\/?(\w+)/g));
  const known = 'body h1 p h2 table thead tr th tbody td em html'.split(' ');
  for (const tag of tags) assert.ok(known.includes(tag.replace(/<\/?/, '')), tag);
  assert.ok(!html.includes('\u202e'));

  const lines = toMarkdown(report).split('\n');
  assert.equal(lines.filter((line) => line.startsWith('#')).length, 3);
  const row = lines.find((line) => line.startsWith('|') && line.includes('alert')) ?? '';
  assert.equal(row.match(/(?<!\\)\|/g)?.length, 3);
  assert.doesNotMatch(lines.join('\n'), /(?<!\\)[<`[]/);
});
