// A webhook receiver in plain Node 20 or later: verifies every delivery and prints it.
// Run it in the folder of a running PayOS:
//   PAYOS_WEBHOOK_SECRET=whsec_… node docs/examples/webhook-receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const secret = process.env.PAYOS_WEBHOOK_SECRET ?? '';
const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
if (key.length < 24) throw new Error('Set PAYOS_WEBHOOK_SECRET to the whsec_… of the endpoint.');
const port = Number(process.env.PORT ?? 9500);

/** Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, at most five minutes old. */
function isGenuine(headers, body) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (!/^\d{1,12}$/.test(timestamp ?? '')) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((part) => {
    const given = Buffer.from(part.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// In production your own certificate; here the one that PayOS made for localhost.
const folder = `${process.env.PAYOS_DATA_DIR ?? '.payos'}/tls`;
const tls = {
  cert: readFileSync(`${folder}/localhost.pem`),
  key: readFileSync(`${folder}/localhost-key.pem`),
};
createServer(tls, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (!isGenuine(request.headers, body)) return response.writeHead(400).end();
    response.writeHead(204).end();
    const event = JSON.parse(body);
    console.log(event.type, event.data.id, event.data.status ?? '');
  });
}).listen(port, () => console.log(`Waiting for webhooks on https://localhost:${port}`));
