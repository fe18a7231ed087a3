import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { root } from '../../../tools/program.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'fields', 'integrity.json'), 'utf8'));
const loader = scripts.find(({ path }: { path: string }) => path.endsWith('/payos.js'));

/** What the page says of itself, so that a search that finds nothing has been one. */
export const pageMark = 'Ordinary Shop of Marker Street';

/** A shop with secure fields, and a script in it that writes down all that happens. */
const script = (key: string) => `
window.noted = [];
const names = 'keydown keypress keyup beforeinput input change compositionend paste copy cut ' +
  'focusin focusout blur focus pointerdown message submit select selectionchange dragstart drop';
for (const name of names.split(' ')) {
  addEventListener(name, (event) => {
    const { key, data, target } = event;
    window.noted.push([name, key, data, target?.value, String(getSelection())]);
  }, true);
}
const fields = PayOS('${key}').fields();
for (const kind of ['number', 'expiry', 'cvc']) {
  const field = fields.create(kind).mount('#' + kind);
  for (const name of ['ready', 'change', 'focus', 'blur', 'enter', 'error']) {
    field.on(name, (event) => window.noted.push([kind, name, event]));
  }
}
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  window.result = await fields.tokenize({ name: 'Ada Lovelace' });
  const said = await fetch('/pay', { method: 'POST', body: JSON.stringify(window.result) });
  document.querySelector('#said').textContent = await said.text();
});
`;

const html = (vault: string) => `<!doctype html><html lang="en"><title>${pageMark}</title>
<form><div id="number"></div><div id="expiry"></div><div id="cvc"></div><button>Pay</button></form>
<p id="said"></p>
<script src="${vault}${loader.path}" integrity="${loader.integrity}" crossorigin></script>
<script type="module" src="/shop.js"></script></html>`;

/**
 * A merchant's shop on an origin of its own, under a strict policy.
 *
 * @param key publishable
 * @param pay what its server does with a token; answers what the page shows
 */
export async function startMerchant(
  tls: { cert: string; key: string },
  vault: string,
  key: string,
  pay: (token: string) => Promise<string>,
) {
  const heard: string[] = [];
  const server = createServer(tls, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`);
    const policy =
      `default-src 'none'; script-src 'self' ${vault}; frame-src ${vault}; connect-src 'self'; ` +
      "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; " +
      "require-trusted-types-for 'script'; trusted-types 'none'";
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (request.url === '/pay') return response.end(await pay(JSON.parse(body).token.id));
    if (request.url !== '/shop.js') return response.end(html(vault));
    response.setHeader('Content-Type', 'text/javascript');
    return response.end(script(key));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** All that its server was ever sent. */
    heard,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Merchant = Awaited<ReturnType<typeof startMerchant>>;
