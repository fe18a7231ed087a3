// A shop with secure fields in plain Node 20 or later: a page that never sees a card, and the
// payment that its server makes of the token. Run it in the folder of a running PayOS:
//   node docs/examples/fields-shop.mjs
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:https';

const quick = JSON.parse(readFileSync('.payos/quickstart.json', 'utf8'));
const { scripts } = JSON.parse(readFileSync('fields/integrity.json', 'utf8'));
const loader = scripts.find(({ path }) => path.endsWith('/payos.js'));
const port = Number(process.env.PORT ?? 9600);
const amount = { amount: 1999, currency: 'EUR' };

const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>Shop</title>
  <link rel="stylesheet" href="/shop.css" />
  <form id="pay">
    <h1>19.99 EUR</h1>
    <div id="card"></div>
    <button>Pay</button>
    <p id="say" role="status"></p>
  </form>
  <script src="${quick.vault_url}${loader.path}" integrity="${loader.integrity}"
    crossorigin="anonymous"></script>
  <script type="module" src="/shop.js"></script>
</html>`;

const script = `
const fields = PayOS(${JSON.stringify(quick.publishable_key)}).fields({
  appearance: { colorScheme: 'auto' },
});
const card = fields.create('card', { showLabels: true }).mount('#card');
const say = (text) => { document.querySelector('#say').textContent = text };
card.on('change', ({ error }) => say(error?.message ?? ''));
card.on('error', ({ message }) => say(message));
document.querySelector('#pay').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { token, error } = await fields.tokenize();
  if (error) return say(error.message);
  const answer = await fetch('/pay', { method: 'POST', body: token.id });
  say(await answer.text());
});
`;

const style = `
:root { color-scheme: light dark; font: 16px system-ui, sans-serif }
form { max-width: 26rem; margin: 10vh auto; padding: 0 1rem }
#card { border: 1px solid gray; border-radius: 6px; padding: 0.5rem }
#card.payos-focus { border-color: highlight }
#card.payos-invalid { border-color: crimson }
button { margin-top: 1rem; font: inherit; padding: 0.5rem 2rem }
`;

/** What this page uses, and nothing else. */
const policy = [
  "default-src 'none'",
  `script-src 'self' ${quick.vault_url}`,
  `frame-src ${quick.vault_url}`,
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const files = {
  '/': ['text/html', page],
  '/shop.js': ['text/javascript', script],
  '/shop.css': ['text/css', style],
};

// In production your own certificate; here the one that PayOS made for localhost.
const tls = {
  cert: readFileSync('.payos/tls/localhost.pem'),
  key: readFileSync('.payos/tls/localhost-key.pem'),
};

/** The amount is the server's: a page can say what it likes. */
function pay(token) {
  const body = JSON.stringify({ ...amount, token });
  const options = {
    method: 'POST',
    ca: readFileSync(quick.ca_file),
    headers: {
      authorization: `Bearer ${quick.secret_key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': `shop-${token}`,
    },
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${quick.api_url}/v1/payments`, options, async (answer) => {
      const chunks = await answer.toArray();
      resolve(JSON.parse(Buffer.concat(chunks).toString()));
    });
    sent.on('error', reject).end(body);
  });
}

createServer(tls, async (asked, answer) => {
  if (asked.method === 'POST' && asked.url === '/pay') {
    const token = Buffer.concat(await asked.toArray())
      .toString()
      .slice(0, 100);
    const payment = await pay(token).catch((error) => ({ detail: error.message }));
    answer.end(payment.status === 'succeeded' ? 'Paid. Thank you.' : String(payment.detail));
    return;
  }
  const [type, content] = files[asked.url] ?? ['text/plain', 'There is nothing here.'];
  answer.setHeader('content-security-policy', policy);
  answer.setHeader('content-type', `${type}; charset=utf-8`);
  answer.end(content);
}).listen(port, () => console.log(`The shop is open at https://localhost:${port}/`));
