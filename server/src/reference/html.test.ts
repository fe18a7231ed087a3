import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHtml, html, inline } from './html.ts';
import { renderMarkdown } from './markdown.ts';

test('nothing that a text holds can leave an element or a quoted attribute', () => {
  const evil = `<script>"'\`&</script>`;
  const safe = '&lt;script&gt;&quot;&#39;&#96;&amp;&lt;/script&gt;';
  assert.equal(escapeHtml(evil), safe);
  assert.equal(html`<p title="${evil}">${evil}</p>`.text, `<p title="${safe}">${safe}</p>`);
});

test('what is already HTML is not escaped again, and nothing is nothing', () => {
  assert.equal(html`<p>${html`<b>${'&'}</b>`}${undefined}${0}</p>`.text, '<p><b>&amp;</b>0</p>');
});

test('backticks mark code, links stay within the site', () => {
  assert.equal(
    inline('`<a>` and [b](/docs) and [c](/d), [e](https://evil.example)').text,
    '<code>&lt;a&gt;</code> and <a href="/docs">b</a> and <a href="/d">c</a>, ' +
      '[e](https://evil.example)',
  );
});

test('paragraphs, lists and labelled code', () => {
  const { text } = renderMarkdown('One\nline\n\n- a `b`\n- c\n\n```Label\n<x>\n\n- y\n```\n\nEnd');
  assert.match(text, /^<p>One\nline<\/p><ul class="catalogue"><li>a <code>b<\/code><\/li>/);
  assert.match(text, /<figcaption>Label<\/figcaption>[\s\S]*<code>&lt;x&gt;\n\n- y<\/code>/);
  assert.match(text, /<p>End<\/p>$/);
});
