import { type ErrorCode, errorTable } from 'payos-contract';
import { endpointId, endpointSection, methodBadge } from './endpoint-section.ts';
import { fieldsOf } from './fields.ts';
import { type Html, html, inline, join } from './html.ts';
import { heading, type NavGroup, pageOf, slug } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import { type Endpoint, endpointsOf, type OpenApi } from './openapi.ts';
import { type Chapter, chaptersOf, overview } from './overview.ts';

/** `/docs`: how to begin, then every endpoint and every object. */
export function referencePage(document: OpenApi, apiUrl: string, vaultUrl: string): string {
  const endpoints = endpointsOf(document);
  const parts = chaptersOf(overview(apiUrl, vaultUrl, document.info.version));
  const objects = Object.entries(document.components.schemas).filter(([name]) => isObject(name));
  const link = (id: string, text: Html | string) => ({ href: `#${id}`, text: html`${text}` });
  const groups: NavGroup[] = [
    { title: 'Basics', links: parts.map(({ id, title }) => link(id, title)) },
    ...byTag(document, endpoints).map(([title, some]) => ({
      title,
      links: some.map((one) =>
        link(endpointId(one), html`${methodBadge(one)} ${one.operation.summary}`),
      ),
    })),
    { title: 'Objects', links: objects.map(([name]) => link(`object-${name}`, name)) },
  ];
  const content = html`<h1>PayOS API</h1>
<p class="lead">${document.info.summary} The API is at <code>${apiUrl}</code>, the vault at
<code>${vaultUrl}</code>.</p>
${join(parts.map(chapter))}
${join(byTag(document, endpoints).map(([title, some]) => tagSection(document, title, some)))}
<section class="chapter">${heading(2, 'objects', 'Objects')}
${join(
  objects.map(
    ([name, schema]) => html`<section class="object">${heading(3, `object-${name}`, name)}
${schema.description ? html`<p>${inline(`${schema.description}.`)}</p>` : undefined}
${fieldsOf(document, schema, false)}</section>`,
  ),
)}</section>`;
  return pageOf({ title: 'PayOS API reference', groups, content });
}

function chapter({ id, title, markdown }: Chapter): Html {
  return html`<section class="chapter">${heading(2, id, title)}
${renderMarkdown(markdown)}</section>`;
}

/** What an answer can be; what is sent stands with its endpoint. */
const isObject = (name: string) => !/^(Create|Update|Capture|Cancel|Metadata$)/.test(name);

function byTag(document: OpenApi, endpoints: readonly Endpoint[]): [string, Endpoint[]][] {
  return document.tags.map(({ name }) => [
    name,
    endpoints.filter(({ operation }) => operation.tags.includes(name)),
  ]);
}

function tagSection(document: OpenApi, title: string, endpoints: readonly Endpoint[]): Html {
  const sections = endpoints.map((endpoint) => endpointSection(document, endpoint));
  return html`<section class="tag">${heading(2, `tag-${slug(title)}`, title)}
${join(sections)}</section>`;
}

/** `/docs/errors`: every code, each at the anchor that the `type` of a problem points to. */
export function errorsPage(): string {
  const codes = Object.keys(errorTable) as ErrorCode[];
  const statuses = [...new Set(codes.map((code) => errorTable[code].status))].sort();
  const ofStatus = (status: number) => codes.filter((code) => errorTable[code].status === status);
  const groups = statuses.map((status) => ({
    title: String(status),
    links: ofStatus(status).map((code) => ({ href: `#${code}`, text: html`${code}` })),
  }));
  const content = html`<h1>Error codes</h1>
<p class="lead">What each <code>code</code> of an error answer means, and what to do about it.</p>
${join(
  statuses.map(
    (status) => html`<section class="chapter">${heading(2, `status-${status}`, String(status))}
${join(ofStatus(status).map(errorSection))}</section>`,
  ),
)}`;
  return pageOf({ title: 'PayOS error codes', groups, content });
}

function errorSection(code: ErrorCode): Html {
  const { status, title, fix, retryable } = errorTable[code];
  const again = retryable ? 'The same request may succeed later.' : 'Do not repeat it unchanged.';
  return html`<section class="object">${heading(3, code, html`<code>${code}</code>`)}
<dl>
<dt>Meaning</dt><dd>${inline(title)}</dd>
<dt>What to do</dt><dd>${inline(fix)}</dd>
<dt>Status</dt><dd>${status}. ${again}</dd>
</dl></section>`;
}
