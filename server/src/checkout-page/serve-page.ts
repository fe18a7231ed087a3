import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { type BuiltFile, readBuild } from '../core/http/read-build.ts';
import { sendFile } from '../core/http/send-file.ts';

type Options = {
  /** URL of the vault as browsers see it. */
  vaultUrl: string;
  /** What Vite has built of the page. */
  folder: URL;
  /** The published hashes of the secure fields. */
  fields: URL;
};

/** The script of the secure fields: where it is, and which bytes it must be. */
type FieldsScript = { url: string; integrity: string };

/**
 * The page of checkout sessions. Its document is the same for every session and holds nothing of
 * any: what it shows it asks for, with the secret that only the browser knows.
 */
export function serveCheckoutPage(app: FastifyInstance, options: Options): void {
  const vault = new URL(options.vaultUrl).origin;
  const files = readBuild(options.folder);
  const script = readFieldsScript(options.fields, vault);
  const page = pageOf(files.get('/index.html'), script);
  const headers = pageHeaders(vault, script);
  for (const [path, file] of files) {
    if (path === '/index.html') continue;
    app.get(`/checkout${path}`, { exposeHeadRoute: true }, async (request, reply) =>
      sendFile(request, reply, file),
    );
  }
  app.get<{ Params: { id: string } }>('/checkout/:id', async (request, reply) => {
    if (!/^cs_[1-9A-HJ-NP-Za-km-z]{22}$/.test(request.params.id)) return reply.callNotFound();
    reply.headers(headers);
    if (page !== undefined) return reply.type('text/html; charset=utf-8').send(page);
    return reply
      .code(503)
      .type('text/plain; charset=utf-8')
      .send('The checkout page has not been built. `npm start` builds it.\n');
  });
}

/** From the published list, not from what was built: what the browser loads is held to that. */
function readFieldsScript(list: URL, vault: string): FieldsScript | undefined {
  const { scripts } = JSON.parse(readFileSync(list, 'utf8')) as {
    scripts: { path: string; integrity: string }[];
  };
  const loader = scripts.find(({ path }) => path.endsWith('/payos.js'));
  return loader && { url: vault + loader.path, integrity: loader.integrity };
}

/** The document, with the script of the vault before its own: deferred ones run in order. */
function pageOf(file: BuiltFile | undefined, script: FieldsScript | undefined): string | undefined {
  const html = file?.content.toString('utf8');
  if (html === undefined || script === undefined) return html;
  const checked = `integrity="${script.integrity}" crossorigin="anonymous"`;
  const tag = `<script defer src="${script.url}" ${checked}></script>`;
  return html.replace('<script type="module"', `${tag}<script type="module"`);
}

/**
 * Nothing runs inline, nothing is loaded from anywhere but here and the vault, nobody frames the
 * page, and no text becomes code or markup.
 */
function pageHeaders(vault: string, script: FieldsScript | undefined): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src 'self'${script === undefined ? '' : ` ${script.url}`}`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `frame-src ${vault}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), ' +
      'serial=(), hid=(), midi=(), clipboard-read=(), clipboard-write=()',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  };
}
