import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type BuiltFile, readBuild } from '../core/http/read-build.ts';
import { sendFile } from '../core/http/send-file.ts';

type Options = {
  /** URL of the API as users see it, which is the dashboard's, too. */
  apiUrl: string;
  /** URL of the vault as users see it. */
  vaultUrl: string;
  /** What Vite has built. */
  folder: URL;
};

/**
 * Nothing but our own files is loaded, nothing runs inline, nobody frames the dashboard, and no
 * text can become code or markup (Trusted Types without a policy).
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const pageHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'publickey-credentials-get=(self), publickey-credentials-create=(self), ' +
    'clipboard-write=(self), clipboard-read=(), camera=(), microphone=(), geolocation=(), ' +
    'display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=()',
  'cache-control': 'no-store',
};

/** Paths of others; what is not found there is not a page of the dashboard. */
const foreign = /^\/(v1|docs|checkout|assets|livez|readyz|metrics)(\/|$)/;
/** What a page of the dashboard may be called: no dots, nothing encoded. */
const pagePath = /^(\/[A-Za-z0-9_-]+)*\/?$/;

/**
 * The dashboard, on the same origin as the API. Its files are read into memory once; a request can
 * only choose among them. Every path that could be a page answers the one document, whose script
 * knows the pages.
 */
export function serveDashboard(app: FastifyInstance, options: Options): void {
  const { apiUrl, vaultUrl, folder } = options;
  const files = readBuild(folder);
  const page = files.get('/index.html');
  app.get('/', { exposeHeadRoute: true }, async (request, reply) => {
    reply.header('vary', 'Accept');
    if (wantsPage(request)) return sendPage(reply, page);
    // A program that asks the bare origin is told where to go.
    return {
      name: 'PayOS',
      dashboard: `${apiUrl}/`,
      docs: `${apiUrl}/docs`,
      openapi: `${apiUrl}/v1/openapi.json`,
      vault: vaultUrl,
    };
  });
  for (const [path, file] of files) {
    if (path === '/index.html') continue;
    app.get(path, { exposeHeadRoute: true }, async (request, reply) =>
      sendFile(request, reply, file),
    );
  }
  app.get('/*', { exposeHeadRoute: true }, async (request, reply) => {
    const [path = ''] = request.url.split('?');
    const isPage = pagePath.test(path) && !foreign.test(path) && wantsPage(request);
    if (!isPage) return reply.callNotFound();
    return sendPage(reply, page);
  });
}

const wantsPage = (request: FastifyRequest) =>
  (request.headers.accept ?? '').toLowerCase().includes('text/html');

function sendPage(reply: FastifyReply, page: BuiltFile | undefined): FastifyReply {
  reply.headers(pageHeaders);
  if (page !== undefined) return reply.type(page.type).send(page.content);
  return reply
    .code(503)
    .type('text/plain; charset=utf-8')
    .send(
      'The dashboard has not been built. `npm start` builds it; then start the server again.\n',
    );
}
