import { type Html, html, inline, join } from './html.ts';
import { codeBlock } from './layout.ts';

/**
 * The little Markdown that our own overview is written in: paragraphs, lists, and fenced code whose
 * first line is its label. Everything is escaped; there is no HTML in it.
 */
export function renderMarkdown(text: string): Html {
  const blocks = text.match(/^```[\s\S]*?^```$|(?:^(?!```).+\n?)+/gm) ?? [];
  return join(blocks.map(renderBlock));
}

function renderBlock(block: string): Html {
  const code = /^```(.*)\n([\s\S]*?)\n```$/.exec(block);
  if (code !== null) return codeBlock(code[1] ?? '', code[2] ?? '');
  if (!block.startsWith('- ')) return html`<p>${inline(block.trim())}</p>`;
  const items = block
    .trim()
    .split(/\n?^- /m)
    .slice(1);
  return html`<ul class="catalogue">${join(items.map((item) => html`<li>${inline(item)}</li>`))}</ul>`;
}
