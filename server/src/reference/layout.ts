import { type Html, html, join } from './html.ts';

export type NavGroup = { title: string; links: readonly { href: string; text: Html }[] };

type Page = {
  title: string;
  groups: readonly NavGroup[];
  content: Html;
};

/**
 * A whole page: skip link, header, navigation that folds on small screens, content, footer.
 * The script stands behind the navigation, so that it is folded before it is first seen.
 */
export function pageOf({ title, groups, content }: Page): string {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/docs/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="top">
<p class="brand"><a href="/docs">PayOS <span>API reference</span></a></p>
<p class="links"><a href="/docs/errors">Error codes</a> <a href="/v1/openapi.json">OpenAPI</a></p>
</header>
<div class="frame">
<details class="menu" open>
<summary>On this page</summary>
<nav aria-label="On this page" id="navigation">${join(groups.map(navGroup))}</nav>
</details>
<script src="/docs/reference.js"></script>
<main id="content" tabindex="-1">
${content}
</main>
</div>
<footer><p>Served by this installation of PayOS, from the same description as its API.</p></footer>
</body>
</html>
`;
  return text;
}

function navGroup({ title, links }: NavGroup): Html {
  const items = links.map(({ href, text }) => html`<li><a href="${href}">${text}</a></li>`);
  return html`<section><p class="group">${title}</p><ul>${join(items)}</ul></section>`;
}

/** A block of code that scrolls inside itself, reachable with the keyboard. */
export function codeBlock(label: string, text: string): Html {
  return html`<figure class="code"><figcaption>${label}</figcaption>
<pre tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre></figure>`;
}

/** A heading that is a link to itself. */
export function heading(level: 2 | 3, id: string, text: Html | string): Html {
  const link = html`<a href="#${id}">${text}</a>`;
  return level === 2 ? html`<h2 id="${id}">${link}</h2>` : html`<h3 id="${id}">${link}</h3>`;
}

/** An anchor from a title: ASCII letters and digits, hyphens for all else. */
export const slug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
