import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { type OpenApi, withServers } from './openapi.ts';
import { errorsPage, referencePage } from './pages.ts';

type Options = {
  /** URL of the API as users see it. */
  apiUrl: string;
  /** URL of the vault as users see it. */
  vaultUrl: string;
};

/** Nothing but our own files may be loaded, nothing may frame us, and nothing runs inline. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * The API's description for programs and for people, made from the committed OpenAPI document.
 * Needs no key. Everything is rendered once, when somebody first asks for it.
 */
export function serveReference(app: FastifyInstance, options: Options): void {
  let rendered: Record<Content, string> | undefined;
  for (const [path, [type, content]] of Object.entries(served)) {
    app.get(path, async (_request, reply) => {
      rendered ??= render(options);
      return reply
        .header('content-security-policy', contentSecurityPolicy)
        .header('cache-control', 'public, max-age=300')
        .type(`${type}; charset=utf-8`)
        .send(rendered[content]);
    });
  }
}

type Content = 'openapi' | 'reference' | 'errors' | 'styles' | 'script' | 'icon';

const served: Record<string, [type: string, Content]> = {
  '/v1/openapi.json': ['application/json', 'openapi'],
  '/docs': ['text/html', 'reference'],
  '/docs/': ['text/html', 'reference'],
  '/docs/errors': ['text/html', 'errors'],
  '/docs/style.css': ['text/css', 'styles'],
  '/docs/reference.js': ['text/javascript', 'script'],
  '/docs/icon.svg': ['image/svg+xml', 'icon'],
};

function render({ apiUrl, vaultUrl }: Options): Record<Content, string> {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const committed = JSON.parse(read('../../../contract/openapi.json')) as OpenApi;
  const document = withServers(committed, apiUrl, vaultUrl);
  return {
    openapi: JSON.stringify(document),
    reference: referencePage(document, apiUrl, vaultUrl),
    errors: errorsPage(),
    styles: ['layout.css', 'content.css'].map((name) => read(`assets/${name}`)).join('\n'),
    script: read('assets/reference.js'),
    icon: read('assets/icon.svg'),
  };
}
