import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  parseReference,
  readSettings,
  type SecretReference,
  type SettingName,
  SettingRefused,
  type SettingsInput,
  settingsTable,
} from './settings-read.ts';

const pepper = `${'A'.repeat(43)}=`;
const all = Object.keys(settingsTable) as SettingName[];

/** Files and secrets that exist; everything else is refused as the real sources do. */
function having(files: Record<string, string>, secrets: Record<string, string> = {}) {
  const asked: SecretReference[] = [];
  const input: SettingsInput = {
    readFile: (path, guard) => {
      const text = files[path];
      if (text === undefined) throw new SettingRefused(`the file ${path} cannot be read.`);
      return { text, warning: guard === 'open' ? undefined : `${path} lies open.` };
    },
    readSecret: async (reference) => {
      asked.push(reference);
      const value = secrets[reference.text];
      if (value === undefined) throw new SettingRefused('Vault is away.');
      return value;
    },
  };
  return { input, asked };
}

const nothing = having({}).input;

async function mistakesOf(
  env: Record<string, string>,
  { input } = having({}),
  names: readonly SettingName[] = all,
): Promise<string> {
  const result = await readSettings(env, names, [], input);
  assert.ok(!result.ok, 'is refused');
  return result.mistakes.join('\n');
}

describe('settings', () => {
  it('have defaults and are frozen', async () => {
    const env = { PAYOS_PORT: '9000', PAYOS_SMTP_CA_FILE: '', PAYOS_PUBLIC_URL: '' };
    const result = await readSettings(env, all, [], nothing);
    assert.ok(result.ok);
    assert.equal(result.settings.PAYOS_PORT, 9000);
    assert.equal(result.settings.PAYOS_HOST, '127.0.0.1');
    assert.equal(result.settings.PAYOS_PUBLIC_URL, undefined);
    assert.deepEqual(result.settings.PAYOS_EGRESS_ALLOW, []);
    assert.ok(Object.isFrozen(result.settings));
    assert.equal(result.fetched.size, 0);
  });

  it('report every mistake at once', async () => {
    const env = {
      PAYOS_PORT: '80x',
      PAYOS_LOG_LEVEL: 'loud',
      PAYOS_SEALING_KEY: 'abc',
      PAYOS_EGRESS_ALLOW: 'foo',
      PAYOS_EGRESS_CA_FILE: '/nowhere/ca.pem',
      PAYOS_TLS_CERT: '/etc/cert.pem',
      PAYOS_TLS_KEY_FILE: '/key',
      DATABASE_URL: 'mysql://x',
      PAYOS_PROT: '1',
      PAYOS_KEY_PEPPER_FILE: '/nowhere',
      PAYOS_SIMULATOR_SECRET: 'a',
      PAYOS_SIMULATOR_SECRET_FILE: '/b',
      PAYOS_SMTP_URL: 'vault://secret/payos#smtp',
      PAYOS_MAIL_FROM: 'a@shop.example',
    };
    const { input } = having({ '/key': 'no key' });
    const result = await readSettings(env, all, ['PAYOS_DB_APP_URL'], input);
    assert.ok(!result.ok);
    assert.deepEqual(result.mistakes.toSorted(), [
      'DATABASE_URL must be a URL like postgres://user:password@host:5432/database.',
      'PAYOS_DB_APP_URL or PAYOS_DB_APP_URL_FILE is missing. ' +
        'Same database as the role payos_app (reads and writes).',
      'PAYOS_EGRESS_ALLOW must be ranges like 10.0.0.0/8 or fd00::/8, not "foo".',
      'PAYOS_EGRESS_CA_FILE: the file /nowhere/ca.pem cannot be read.',
      'PAYOS_KEY_PEPPER_FILE: the file /nowhere cannot be read.',
      'PAYOS_LOG_LEVEL must be one of: debug | info | warn | error.',
      'PAYOS_PORT must be a whole number from 0 to 65535, not "80x".',
      'PAYOS_PROT is not a setting. See docs/settings.md for the names.',
      'PAYOS_SEALING_KEY must be 32 bytes in base64.',
      'PAYOS_SIMULATOR_SECRET: PAYOS_SIMULATOR_SECRET_FILE is set too. Set one of the two.',
      'PAYOS_SMTP_URL: Vault is away.',
      'PAYOS_TLS_CERT must be a certificate in PEM. To name a file, set PAYOS_TLS_CERT_FILE.',
      'PAYOS_TLS_KEY must be a private key in PEM. To name a file, set PAYOS_TLS_KEY_FILE.',
    ]);
  });

  it('say where to listen and whom to ask only in one way', async () => {
    const wrong = {
      PAYOS_INTERNAL_HOST: ['server.internal', '10.0.0.5:8445', '10.0.0.256', '[::1]', ''],
      PAYOS_VAULT_INTERNAL_HOST: ['https://10.0.0.5', '10.0.0', '::ffff:10.0.0.5'],
      PAYOS_INTERNAL_URL: ['http://server.internal:8445', 'https://a:8445/x', 'a:8445'],
      PAYOS_VAULT_INTERNAL_URL: ['https://u:p@vault.internal', 'https://v?x', 'wss://v'],
      PAYOS_VAULT_PUBLIC_URL: ['http://vault.shop.example'],
      PAYOS_TLS_NAMES: ['example', 'pay.example,shop', '*.shop.example', '-', 'a..b'],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values.filter((text) => text !== '')) {
        assert.match(await mistakesOf({ [name]: value }), new RegExp(`^${name} must be`), value);
      }
    }
    const right = {
      PAYOS_INTERNAL_HOST: '0.0.0.0',
      PAYOS_VAULT_INTERNAL_HOST: 'fe80::1%eth0',
      PAYOS_SIMULATOR_HOST: 'localhost',
      PAYOS_INTERNAL_URL: 'https://[fd00::5]:8445/',
      PAYOS_TLS_NAMES: 'pay.shop.example, 10.0.0.5, fd00::5',
    };
    const result = await readSettings(right, all, [], having({}).input);
    assert.deepEqual(result.ok ? [] : result.mistakes, []);
  });

  it('come from files, of which one line break at the end is cut off', async () => {
    const files = {
      '/pepper': `${pepper}\n`,
      '/from': 'PayOS <a@b.example>\r\n',
      '/secret': ' a \n\n',
    };
    const env = {
      PAYOS_KEY_PEPPER_FILE: '/pepper',
      PAYOS_MAIL_FROM_FILE: '/from',
      PAYOS_SIMULATOR_SECRET_FILE: '/secret',
    };
    const names = ['PAYOS_KEY_PEPPER', 'PAYOS_MAIL_FROM', 'PAYOS_SIMULATOR_SECRET'] as const;
    const result = await readSettings(env, names, names, having(files).input);
    assert.ok(result.ok);
    assert.deepEqual(Object.values(result.settings), [pepper, 'PayOS <a@b.example>', ' a \n']);
    assert.deepEqual(result.warnings, [
      'PAYOS_KEY_PEPPER_FILE: /pepper lies open.',
      'PAYOS_SIMULATOR_SECRET_FILE: /secret lies open.',
    ]);
    const empty = having({ '/pepper': '\n' });
    assert.match(await mistakesOf({ PAYOS_KEY_PEPPER_FILE: '/pepper' }, empty), /file is empty/);
  });

  it('can each come from a variable, a file and a secret service', async () => {
    const samples: Partial<Record<string, string>> = {
      port: '9000',
      integer: '600',
      ranges: '10.0.0.0/8',
      database: 'postgres://u:p@h/d',
      certificate: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----',
      'public keys': '-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----',
      'private key': '-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----',
    };
    const own: Partial<Record<SettingName, string>> = {
      PAYOS_KEY_PEPPER: pepper,
      PAYOS_SEALING_KEY: pepper,
      PAYOS_DB_POOL: '9',
      PAYOS_PUBLIC_URL: 'https://pay.shop.example',
      PAYOS_VAULT_PUBLIC_URL: 'https://vault.shop.example',
      PAYOS_OPERATOR_EMAIL: 'ops@shop.example',
      PAYOS_INTERNAL_URL: 'https://server.internal:8445',
      PAYOS_VAULT_INTERNAL_URL: 'https://vault.internal:8446',
      PAYOS_VAULT_HOST: 'fd00::5',
      PAYOS_SMTP_URL: 'smtps://u:p@h:465',
      PAYOS_MAIL_FROM: 'a@b.example',
    };
    for (const name of all) {
      const spec = settingsTable[name];
      const sample = own[name] ?? samples[spec.kind] ?? spec.fallback ?? 'a text';
      const reference = `vault://secret/payos#${name}`;
      const ways: [Record<string, string>, ReturnType<typeof having>][] = [
        [{ [name]: sample }, having({})],
        [{ [`${name}_FILE`]: '/a' }, having({ '/a': `${sample}\n` })],
        [{ [name]: reference }, having({}, { [reference]: `${sample}\n` })],
        [{ [`${name}_FILE`]: '/a' }, having({ '/a': reference }, { [reference]: sample })],
      ];
      const values = [];
      for (const [env, { input }] of ways.filter(() => sample !== '')) {
        const result = await readSettings(env, [name], [name], input);
        assert.ok(result.ok, `${name} ${Object.keys(env)}`);
        values.push(result.settings[name]);
      }
      for (const value of values) assert.deepEqual(value, values[0], name);
    }
  });
});

describe('references to secrets', () => {
  it('are told from values', () => {
    const text = 'vault://secret/team/payos#key_pepper';
    const parts = { path: 'secret/team/payos', field: 'key_pepper', text };
    assert.deepEqual(parseReference(text), { service: 'vault', ...parts });
    assert.equal(parseReference('vault:///kv/payos#a')?.path, '/kv/payos');
    const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:payos/prod-a1b2c3';
    assert.deepEqual(parseReference(`aws-sm://${arn}#a b`), {
      service: 'aws-sm',
      path: arn,
      field: 'a b',
      text: `aws-sm://${arn}#a b`,
    });
    assert.equal(parseReference('aws-sm://payos')?.field, undefined);
    for (const value of ['postgres://u:p@h/d', 'vaults', 'https://vault:8200', pepper]) {
      assert.equal(parseReference(value), undefined, value);
    }
  });

  it('are not taken for the secret when they are misspelt', () => {
    const misspelt = [
      'vault:secret/payos#a',
      'Vault://secret/payos#a',
      'vault://secret/payos',
      'vault://secret#a',
      'vault://secret/payos#',
      'vault://secret//payos#a',
      'vault://secret/../sys/payos#a',
      'vault:////secret/payos#a',
      'aws-sm:payos',
      'AWS-SM://payos#a',
      'aws-sm://pay os#a',
      'aws-sm://payos#a#b',
    ];
    for (const value of misspelt) {
      assert.throws(() => parseReference(value), SettingRefused, value);
    }
  });

  it('give values that no message shows, whatever is wrong with them', async () => {
    const value = 'hunter2-hunter2';
    const reference = 'vault://secret/payos#a';
    const list = all.filter((name) => name !== 'PAYOS_SMTP_URL' && name !== 'PAYOS_MAIL_FROM');
    let mistakes = 0;
    for (const name of list) {
      for (const env of [{ [name]: reference }, { [`${name}_FILE`]: '/a' }]) {
        const { input } = having({ '/a': value }, { [reference]: value });
        const result = await readSettings(env, [name], [name], input);
        if (result.ok) continue;
        mistakes += 1;
        assert.ok(!result.mistakes.join('\n').includes('hunter2'), result.mistakes.join('\n'));
        assert.ok(result.mistakes.join('\n').includes(name));
      }
    }
    assert.ok(mistakes > 40, `${mistakes} mistakes`);
  });

  it('are resolved for the names that are asked for, and for no others', async () => {
    const references = {
      PAYOS_KEY_PEPPER: 'vault://secret/a#b',
      PAYOS_SEALING_KEY: 'aws-sm://c#d',
    };
    const { input, asked } = having({}, { 'vault://secret/a#b': pepper });
    const result = await readSettings(references, ['PAYOS_KEY_PEPPER'], [], input);
    assert.ok(result.ok);
    assert.deepEqual([...result.fetched], [['PAYOS_KEY_PEPPER', pepper]]);
    assert.equal(asked.length, 1);
  });

  it('say once what keeps several settings from their values', async () => {
    const env = {
      PAYOS_KEY_PEPPER: 'vault://secret/a#b',
      PAYOS_SEALING_KEY_FILE: '/a',
      PAYOS_SIMULATOR_SECRET: 'vault://secret/empty#b',
    };
    const there = having({ '/a': 'vault://secret/a#c\n' }, { 'vault://secret/empty#b': '\n' });
    assert.equal(
      await mistakesOf(env, there),
      'PAYOS_KEY_PEPPER, PAYOS_SEALING_KEY_FILE: Vault is away.\n' +
        'PAYOS_SIMULATOR_SECRET: vault://secret/empty#b is empty.',
    );
  });
});
