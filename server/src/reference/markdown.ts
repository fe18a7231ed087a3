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
  const lines = block.trim().split(/\n?^- /m);
  const items = lines.slice(1).map((line) => html`<li>${inline(line)}</li>`);
  return html`<ul class="catalogue">${join(items)}</ul>`;
}
