// A shop with one thing to sell, on http://localhost:4300. Needs nothing but Node.
//
//   PAYOS_URL=https://localhost:8443 PAYOS_SECRET_KEY=payos_sk_test_… CA_FILE=ca.pem \
//     node docs/examples/checkout-shop.mjs
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';

const { PAYOS_URL = 'https://localhost:8443', PAYOS_SECRET_KEY = '', CA_FILE } = process.env;
const port = Number(process.env.PORT ?? 4300);
const shop = `http://localhost:${port}`;
const ca = CA_FILE === undefined ? undefined : readFileSync(CA_FILE);

/** @returns the parsed answer */
function ask(method, path, body) {
  const headers = {
    authorization: `Bearer ${PAYOS_SECRET_KEY}`,
    ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
  };
  return new Promise((resolve, reject) => {
    const call = request(PAYOS_URL + path, { method, headers, ca }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      const value = JSON.parse(Buffer.concat(chunks).toString());
      if (answer.statusCode < 300) resolve(value);
      else reject(new Error(`${value.code}: ${value.detail ?? value.title}`));
    });
    call.on('error', reject);
    call.end(body && JSON.stringify(body));
  });
}

const page = (text) => `<!doctype html><html lang="en"><title>Shop</title><p>${text}</p></html>`;
const buy = '<form method="post" action="/buy"><button>Buy two tickets</button></form>';

async function answer({ method, url }) {
  const { pathname, searchParams } = new URL(url, shop);
  if (method === 'POST' && pathname === '/buy') {
    const session = await ask('POST', '/v1/checkout_sessions', {
      amount: 1999,
      currency: 'EUR',
      reference: `order-${randomUUID().slice(0, 8)}`,
      description: 'Two tickets',
      return_url: `${shop}/thanks`,
      cancel_url: `${shop}/`,
    });
    return { location: session.url };
  }
  if (pathname !== '/thanks') return { text: buy };
  // What the address says is what anybody can type. What counts is what PayOS says.
  const id = searchParams.get('checkout_session') ?? '';
  if (!/^cs_\w{22}$/.test(id)) return { text: buy };
  const { status, payment } = await ask('GET', `/v1/checkout_sessions/${id}`);
  if (status === 'complete') return { text: `Paid: ${payment}` };
  return { text: payment === null ? 'Not paid.' : 'Your bank has not answered yet.' };
}

createServer(async (incoming, outgoing) => {
  const { location, text } = await answer(incoming).catch(({ message }) => ({ text: message }));
  const headers = { 'content-type': 'text/html; charset=utf-8', ...(location && { location }) };
  outgoing.writeHead(location === undefined ? 200 : 303, headers);
  outgoing.end(page(text ?? ''));
}).listen(port, '127.0.0.1', () => console.log(`The shop is open: ${shop}`));
