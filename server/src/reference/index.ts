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
 * Needs no key. Everything is rendered once, here.
 */
export function serveReference(app: FastifyInstance, { apiUrl, vaultUrl }: Options): void {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const committed = JSON.parse(read('../../../contract/openapi.json')) as OpenApi;
  const document = withServers(committed, apiUrl, vaultUrl);
  const styles = ['layout.css', 'content.css'].map((name) => read(`assets/${name}`)).join('\n');
  const page = referencePage(document, apiUrl, vaultUrl);
  const reference: [string, string] = ['text/html; charset=utf-8', page];
  const files: Record<string, [type: string, text: string]> = {
    '/v1/openapi.json': ['application/json; charset=utf-8', JSON.stringify(document)],
    '/docs': reference,
    '/docs/': reference,
    '/docs/errors': ['text/html; charset=utf-8', errorsPage()],
    '/docs/style.css': ['text/css; charset=utf-8', styles],
    '/docs/reference.js': ['text/javascript; charset=utf-8', read('assets/reference.js')],
    '/docs/icon.svg': ['image/svg+xml', read('assets/icon.svg')],
  };
  for (const [path, [type, text]] of Object.entries(files)) {
    app.get(path, async (_request, reply) =>
      reply
        .header('content-security-policy', contentSecurityPolicy)
        .header('cache-control', 'public, max-age=300')
        .type(type)
        .send(text),
    );
  }
}
