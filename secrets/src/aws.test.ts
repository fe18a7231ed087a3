import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type AwsService, startAwsService, throttled } from '../../tools/harness/aws-service.ts';
import { keyOf, load, mistakesOf, testCertificates } from './testing.ts';

/** The SDK reads the environment of its process. Nothing of this machine's may be in it. */
const clean = {
  AWS_CONFIG_FILE: '/nowhere',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
};
const { folder, tls, ca } = await testCertificates();
let aws: AwsService;

function setEnvironment(more: Record<string, string> = {}): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  Object.assign(process.env, clean, aws.environment, more);
}

before(async () => {
  aws = await startAwsService(tls);
  setDefaultCACertificates([...getCACertificates('default'), ca]);
  const fields = { key_pepper: keyOf('P'), sealing_key: keyOf('S'), port: 9443 };
  aws.secrets.set('payos/prod', { SecretString: JSON.stringify(fields) });
  aws.secrets.set('payos/pepper', { SecretString: `${keyOf('Q')}\n` });
  aws.secrets.set('payos/binary', { SecretBinary: Buffer.from('x').toString('base64') });
  setEnvironment();
});
after(() => aws.stop());
afterEach(() => {
  setEnvironment();
  aws.state.trouble = undefined;
  aws.state.denied.clear();
  aws.asked.length = 0;
});

const pepper = 'aws-sm://payos/prod#key_pepper';
const both = { PAYOS_KEY_PEPPER: pepper, PAYOS_SEALING_KEY: 'aws-sm://payos/other#a' };
const about = 'PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY: ';

async function pepperFrom(reference: string): Promise<unknown> {
  const result = await load({ PAYOS_KEY_PEPPER: reference });
  assert.ok(result.ok, result.ok ? '' : result.mistakes.join('\n'));
  return result.settings.PAYOS_KEY_PEPPER;
}

describe('AWS Secrets Manager', () => {
  it('gives fields of a secret, asked for once, and whole secrets', async () => {
    const result = await load({
      PAYOS_KEY_PEPPER: pepper,
      PAYOS_SEALING_KEY: 'aws-sm://payos/prod#sealing_key',
      PAYOS_PORT: 'aws-sm://payos/prod#port',
    });
    assert.ok(result.ok);
    const { PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY, PAYOS_PORT } = result.settings;
    assert.deepEqual([PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY], [keyOf('P'), keyOf('S')]);
    assert.equal(PAYOS_PORT, 9443);
    assert.deepEqual(aws.asked, ['payos/prod']);
    assert.equal(await pepperFrom('aws-sm://payos/pepper'), keyOf('Q'));
  });

  it('is asked in the region that an ARN names', async () => {
    setEnvironment({ AWS_REGION: '' });
    const arn = aws.arnOf('payos/prod');
    assert.equal(await pepperFrom(`aws-sm://${arn}#key_pepper`), keyOf('P'));
    assert.deepEqual(aws.asked, [arn]);
    assert.match(await mistakesOf({ PAYOS_KEY_PEPPER: pepper }), /AWS_REGION is not set/);
  });

  it('is asked again when it limits our rate', async () => {
    aws.state.trouble = { reply: throttled, times: 2 };
    assert.equal(await pepperFrom(pepper), keyOf('P'));
    aws.state.trouble = { reply: throttled, times: 99 };
    const mistakes = await mistakesOf(both);
    assert.equal(mistakes, `${about}AWS Secrets Manager limits our rate. Start again in a minute.`);
    assert.ok(aws.state.trouble.times > 80, 'a few times only');
  });
});

describe('a secret that AWS does not give', () => {
  const cases: [string, string, RegExp][] = [
    ['is not there', 'aws-sm://payos/nothing#a', /aws-sm:\/\/payos\/nothing: there is no such/],
    ['has no such field', 'aws-sm://payos/prod#nope', /prod#nope: the secret has no such field/],
    ['has no fields', 'aws-sm://payos/pepper#a', /is no JSON object\. Leave #a out/],
    ['is binary', 'aws-sm://payos/binary', /is binary\. Store it as text/],
    ['is not allowed to us', 'aws-sm://payos/denied', /Allow secretsmanager:GetSecretValue/],
  ];
  for (const [what, text, message] of cases) {
    it(`is named when it ${what}`, async () => {
      aws.state.denied.add('payos/denied');
      const mistakes = await mistakesOf({ PAYOS_KEY_PEPPER: text });
      assert.match(mistakes, /^PAYOS_KEY_PEPPER: aws-sm:\/\/payos/);
      assert.match(mistakes, message);
      assert.ok(!mistakes.includes(keyOf('Q')));
    });
  }
});

describe('an AWS that cannot be asked', () => {
  it('refuses credentials that are wrong', async () => {
    const wrong = { AWS_SECRET_ACCESS_KEY: 'a wrong one' };
    setEnvironment(wrong);
    const mistakes = await mistakesOf(both);
    assert.match(mistakes, /AWS refuses the credentials \(InvalidSignatureException\)/);
    assert.ok(!mistakes.includes('a wrong one') && !mistakes.includes('\n'));
    setEnvironment({ AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' });
    assert.match(await mistakesOf(both), /credentials \(UnrecognizedClientException\)/);
  });

  it('needs credentials', async () => {
    setEnvironment({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
    const mistakes = await mistakesOf(both);
    assert.match(mistakes, /^PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY: there are no AWS credentials\./);
    assert.ok(!mistakes.includes('\n'));
  });

  it('is not there', async () => {
    setEnvironment({ AWS_ENDPOINT_URL_SECRETS_MANAGER: 'https://localhost:1' });
    const words = 'AWS Secrets Manager cannot be reached (ECONNREFUSED).';
    assert.ok((await mistakesOf(both)).startsWith(`${about}${words}`));
  });

  it('does not answer: we give up after 15 seconds', { timeout: 40_000 }, async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await new Promise((ready) => silent.once('listening', ready));
    const { port } = silent.address() as AddressInfo;
    setEnvironment({ AWS_ENDPOINT_URL_SECRETS_MANAGER: `https://localhost:${port}` });
    assert.match(await mistakesOf(both), /cannot be reached \(no answer in time\)/);
    assert.ok(sockets.length > 1, 'was tried again');
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('waits for credentials that do not come: we give up after 15 seconds', async () => {
    const file = join(folder, 'config');
    writeFileSync(file, '[profile slow]\ncredential_process = sleep 20\n');
    const without = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    setEnvironment({ ...without, AWS_CONFIG_FILE: file, AWS_PROFILE: 'slow' });
    const started = performance.now();
    assert.match(await mistakesOf(both), /cannot be reached \(no answer in time\)/);
    assert.ok(performance.now() - started < 19_000);
  });

  it('has an endpoint without TLS that is not on this machine: nothing is sent', async () => {
    setEnvironment({ AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://secrets.example' });
    assert.match(await mistakesOf(both), /AWS Secrets Manager is not https/);
  });
});
