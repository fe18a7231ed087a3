/** Text that may stand in a page as it is: made only by {@link html} and {@link join}. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | undefined;

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** The one place where text becomes safe: in elements and in quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (char) => escapes[char] ?? '');
}

/** A template whose inserted texts are escaped; parts that are already HTML stay as they are. */
export function html(parts: TemplateStringsArray, ...inserted: Part[]): Html {
  const text = parts.map((part, index) => part + show(inserted[index])).join('');
  return new Html(text);
}

/** Parts that are HTML already. The separator is not escaped: ours only. */
export function join(parts: readonly Html[], separator = ''): Html {
  return new Html(parts.map(({ text }) => text).join(separator));
}

function show(part: Part): string {
  if (part === undefined) return '';
  return part instanceof Html ? part.text : escapeHtml(String(part));
}

/** A text in which `backticks` mark code and [text](/path) a link within this site. */
export function inline(text: string): Html {
  const parts = text.split('`').map((part, index) => {
    return index % 2 === 1 ? html`<code>${part}</code>` : withLinks(part);
  });
  return join(parts);
}

function withLinks(text: string): Html {
  const match = /\[([^\]]+)\]\((\/[^)\s]*)\)/.exec(text);
  if (match === null) return html`${text}`;
  const [whole, label = '', path = ''] = match;
  const rest = withLinks(text.slice(match.index + whole.length));
  return html`${text.slice(0, match.index)}<a href="${path}">${label}</a>${rest}`;
}
