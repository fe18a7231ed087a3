/** A document before it has a form. */
export type Section = {
  title: string;
  text: string;
  columns?: readonly string[];
  rows?: readonly (readonly string[])[];
  /** What is said when there are no rows. */
  none?: string;
};

export type Report = { title: string; lines: readonly string[]; sections: readonly Section[] };

/** The same as GitHub's Markdown. Names come from people: nothing in them becomes markup. */
export function toMarkdown({ title, lines, sections }: Report): string {
  const parts = [`# ${plain(title)}`, lines.map(plain).join('\n\n')];
  for (const { title: heading, text, columns, rows, none } of sections) {
    parts.push(`## ${plain(heading)}`, plain(text));
    if (columns === undefined || rows === undefined) continue;
    if (rows.length === 0) parts.push(`*${plain(none ?? 'None.')}*`);
    else parts.push([row(columns), row(columns.map(() => '---')), ...rows.map(row)].join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell === '---' ? cell : plain(cell) || '–')).join(' | ')} |`;
}

function plain(text: string): string {
  return visible(text).replaceAll(/[\\`*_[\]<>|#~!&]/g, (char) => `\\${char}`);
}

/** One file without scripts, pictures or anything from elsewhere. */
export function toHtml({ title, lines, sections }: Report): string {
  const parts = sections.map(({ title: heading, text, columns, rows, none }) => {
    const head = `<h2>${safe(heading)}</h2>\n<p>${safe(text)}</p>`;
    if (columns === undefined || rows === undefined) return head;
    if (rows.length === 0) return `${head}\n<p><em>${safe(none ?? 'None.')}</em></p>`;
    const line = (cells: readonly string[], tag: string) =>
      `<tr>${cells.map((cell) => `<${tag}>${safe(cell) || '–'}</${tag}>`).join('')}</tr>`;
    const body = rows.map((cells) => line(cells, 'td')).join('\n');
    const titles = line(columns, 'th');
    return `${head}\n<table>\n<thead>${titles}</thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${safe(title)}</h1>
${lines.map((line) => `<p>${safe(line)}</p>`).join('\n')}
${parts.join('\n')}
</body>
</html>
`;
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3rem .5rem;' +
  'text-align:left;vertical-align:top;overflow-wrap:anywhere}';

function safe(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Without what would move, hide or end a line. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
