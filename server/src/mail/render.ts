import type { Letter, Part } from './letter.ts';

const signature = 'Sent by PayOS. Nobody reads answers to this address.';

/** The letter as plain text, to be read as it is. */
export function renderText({ parts }: Letter): string {
  return `${[...parts.map(textOf), `-- \n${signature}`].join('\n\n')}\n`;
}

function textOf(part: Part): string {
  if (part.kind === 'text') return wrap(part.text);
  if (part.kind === 'link') return `${part.label}:\n${part.url}`;
  return part.rows.map(([label, value]) => `  ${label}: ${value}`).join('\n');
}

/** Breaks lines at 72 characters, where there are spaces. */
function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= 72) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}

const styles = {
  page: 'margin:0;padding:24px;background:#f6f7f9;color:#16181d',
  sheet:
    'max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border-radius:8px;' +
    'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif',
  name: 'margin:0 0 24px;font-weight:700',
  text: 'margin:0 0 16px',
  facts: 'margin:0 0 16px;border-collapse:collapse;font-size:14px',
  label: 'padding:2px 16px 2px 0;text-align:left;font-weight:400;color:#555b66;vertical-align:top',
  value: 'padding:2px 0;word-break:break-word',
  button:
    'display:inline-block;padding:10px 18px;border-radius:6px;background:#2f3fd1;color:#ffffff;' +
    'font-weight:600;text-decoration:none',
  address: 'margin:0 0 16px;font-size:13px;color:#555b66;word-break:break-all',
  end: 'margin:24px 0 0;font-size:13px;color:#555b66',
} as const;

/** The letter as HTML that loads nothing: no image, no font, no script. */
export function renderHtml({ subject, parts }: Letter): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(subject)}</title>
</head>
<body style="${styles.page}">
<div style="${styles.sheet}">
<p style="${styles.name}">PayOS</p>
${parts.map(htmlOf).join('\n')}
<p style="${styles.end}">${signature}</p>
</div>
</body>
</html>
`;
}

function htmlOf(part: Part): string {
  if (part.kind === 'text') return `<p style="${styles.text}">${escapeHtml(part.text)}</p>`;
  if (part.kind === 'link') {
    const url = escapeHtml(part.url);
    return `<p style="${styles.text}"><a href="${url}" style="${styles.button}">${escapeHtml(
      part.label,
    )}</a></p>
<p style="${styles.address}">${url}</p>`;
  }
  const rows = part.rows.map(
    ([label, value]) =>
      `<tr><th style="${styles.label}">${escapeHtml(label)}</th>` +
      `<td style="${styles.value}">${escapeHtml(value)}</td></tr>`,
  );
  return `<table style="${styles.facts}">${rows.join('')}</table>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
