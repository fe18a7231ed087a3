// Rotation without downtime, in plain Node 20 or later: a service that sends requests all the time
// while its key replaces itself. In the folder of a running PayOS:
//   npx payos keys create --mode test --name rotation --permissions payments:read,keys:roll_self \
//     | tee key.txt >/dev/null && KEY_FILE=key.txt node docs/examples/rotate-key.mjs
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const keyFile = process.env.KEY_FILE ?? 'key.txt';
// Where PayOS is and who signed its certificate; `npm start` left both in this file.
const quickstart = process.env.PAYOS_URL
  ? { api_url: process.env.PAYOS_URL, ca_file: process.env.CA_FILE }
  : JSON.parse(readFileSync('.payos/quickstart.json', 'utf8'));
const baseUrl = quickstart.api_url;
// Without a file, the authorities that the system trusts: as it is in production.
const ca = quickstart.ca_file ? readFileSync(quickstart.ca_file) : undefined;
const overlapSeconds = Number(process.env.OVERLAP ?? 5);
const agent = new Agent({ ca, keepAlive: true });

function call(method, path, key, body) {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(baseUrl + path, { method, agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(text) }));
    });
    sent.on('error', reject).end(json);
  });
}

// The service. It looks at its key again every second: often enough for any overlap.
let key = '';
let readAt = 0;
function currentKey() {
  if (Date.now() - readAt >= 1000) {
    key = readFileSync(keyFile, 'utf8').trim();
    readAt = Date.now();
  }
  return key;
}

const tally = { requests: 0, failures: 0 };
let stopping = false;
async function service() {
  while (!stopping) {
    tally.requests += 1;
    const answer = await call('GET', '/v1/payments?limit=1', currentKey()).catch(() => undefined);
    if (answer?.status !== 200) tally.failures += 1;
    await sleep(50);
  }
}

// The rotation, e.g. from a timer once a month: the key asks for its successor, which takes its
// place in one step, so that nobody ever reads half a key. `encrypt_to` would seal it on the way.
async function rotate() {
  const old = readFileSync(keyFile, 'utf8').trim();
  const answer = await call('POST', '/v1/api_keys/roll', old, { overlap_seconds: overlapSeconds });
  if (answer.status !== 201) throw new Error(`${answer.body.title} ${answer.body.detail ?? ''}`);
  const { predecessor, successor } = answer.body;
  writeFileSync(`${keyFile}.next`, successor.key, { mode: 0o600 });
  renameSync(`${keyFile}.next`, keyFile);
  console.log(`${predecessor.id} works until ${predecessor.retires_at}, then ${successor.id}.`);
  return old;
}

const working = Promise.all([service(), service(), service()]);
await sleep(1000);
const old = await rotate();
await sleep(overlapSeconds * 1000 + 1000);
stopping = true;
await working;
const after = await call('GET', '/v1/payments?limit=1', old);
console.log(`The old key now: ${after.body.code}.`);
console.log(`${tally.requests} requests, ${tally.failures} failures.`);
agent.destroy();
process.exitCode = tally.failures === 0 && after.status === 401 ? 0 : 1;
