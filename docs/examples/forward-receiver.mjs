// A destination of forwarded requests on this machine, for trying things out: answers what it got.
// It repeats the card on purpose: see how little of that leaves the vault.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const tls = process.env.PAYOS_TLS ?? '.payos/tls';
const certificate = {
  cert: readFileSync(`${tls}/localhost.pem`),
  key: readFileSync(`${tls}/localhost-key.pem`),
};

createServer(certificate, async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  response.writeHead(201, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id: 'member_1', received: JSON.parse(body) }));
}).listen(9444, () => console.log('https://localhost:9444/v1/ waits for requests'));
