import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { startMailServer } from '../../../tools/harness/mail-server.ts';
import { eventually } from '../../test/shop.ts';
import { run } from '../core/db.ts';
import { enqueueMail } from './enqueue-mail.ts';
import type { NewMail } from './mail-data.ts';
import { openPost, type Post } from './test-support.ts';
import { describeFailure, openTransport } from './transport.ts';

const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const secret = 'sEcReT-tokenPart_'.padEnd(43, 'x');

let post: Post;
before(async () => {
  post = await openPost({
    settings: {
      PAYOS_PUBLIC_URL: 'https://pay.shop.example',
      PAYOS_OPERATOR_EMAIL: 'operator@example.com',
    },
  });
});
after(async () => post?.stop());

const enqueue = (mail: NewMail) =>
  enqueueMail((what, values) => run(post.db.write, what, values), post.sealer, mail);

const reset = (to: string, more: object = {}): NewMail => ({
  to,
  template: 'password_reset',
  data: {
    name: 'Ada Lovelace',
    at: '2026-11-23T10:05:00.000Z',
    address: '203.0.113.7',
    device: 'Firefox on Linux',
    token: secret,
    expiresAt: soon(),
    ...more,
  },
});

/** Waits until the one mail to this address is in this state. */
const reached = (to: string, is: (row: Awaited<ReturnType<Post['rows']>>[0]) => boolean) =>
  eventually(async () => (await post.rows(to)).find(is), `a change of the mail to ${to}`);

describe('a mail', () => {
  it('leaves without card numbers, and the operator hears of it once an hour', async () => {
    for (const to of ['eve@example.com', 'eva@example.com']) {
      await enqueue(reset(to, { name: '4242 4242 4242 4242' }));
      const mail = await post.mail.next(to);
      assert.match(mail.text, /Hello \[card number removed\]/);
      assert.doesNotMatch(mail.text + mail.html + mail.subject, /4242/);
    }
    const alert = await post.mail.next('operator@example.com');
    assert.match(alert.text, /Where: a mail: password_reset/);
    assert.doesNotMatch(alert.text, /4242/);
    const counted = await eventually(async () => {
      const text = "SELECT found FROM card_data_findings WHERE stream = 'mail'";
      const [row] = await run<{ found: number }>(post.db.write, { name: 'found', text });
      return row?.found === 4 ? row : undefined;
    }, 'the second finding');
    assert.equal(counted.found, 4, 'text and HTML of two');
    assert.equal((await post.rows('operator@example.com')).length, 1);
  });

  it('arrives over TLS, readable as text and HTML, with a link to this installation', async () => {
    await enqueue(reset('ada@example.com'));
    const mail = await post.mail.next('ada@example.com');
    assert.equal(mail.subject, 'Reset your PayOS password');
    assert.equal(mail.from, 'payos@shop.example');
    assert.ok(mail.secure);
    assert.equal(mail.token, secret);
    const link = `https://pay.shop.example/password-reset#token=${secret}`;
    assert.deepEqual(mail.links, [link]);
    assert.ok(mail.html.includes(`href="${link}"`));
    for (const part of ['Ada Lovelace', '203.0.113.7', 'Firefox on Linux', '10:05 UTC']) {
      assert.ok(mail.text.includes(part), mail.text);
      assert.ok(mail.html.includes(part), mail.html);
    }
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    assert.match(mail.headers.get('message-id') ?? '', /^<mail_\w+@shop\.example>$/);
    // The mail server has it before the row says so.
    const row = await reached('ada@example.com', ({ status }) => status !== 'pending');
    assert.deepEqual(row, { status: 'sent', attempts: 1, error: null, wiped: true, waits: true });
  });

  it('reaches somebody with a name in any script', async () => {
    await enqueue(reset('ada2@example.com', { name: 'Ἀδα 李 💳' }));
    assert.ok((await post.mail.next('ada2@example.com')).text.includes('Hello Ἀδα 李 💳,'));
  });

  it('takes no header and no second recipient from a name or an address', async () => {
    const organization = 'Shop\r\nBcc: all@evil.example\r\n\r\nfake body';
    const roles = { test: 'Developer', live: null };
    const data = { organization, inviter: 'Ada', roles, token: secret, expiresAt: soon() };
    await enqueue({ to: 'bob@example.com', template: 'invitation', data });
    const mail = await post.mail.next('bob@example.com');
    assert.ok(!mail.headers.has('bcc'));
    assert.match(mail.subject, /^Ada invites you to Shop Bcc: all@/);
    const addresses = ['a@b.example,c@d.example', 'a@b.example\r\nRCPT TO:<x@y.example>', 'a'];
    for (const to of addresses) {
      await enqueue({ to, template: 'invitation', data });
      const row = await reached(to, ({ status }) => status === 'failed');
      assert.equal(row.error, 'address_refused');
      assert.ok(row.wiped);
    }
    assert.ok(post.mail.received.every(({ to }) => /^[^,]+@example\.com$/.test(to)));
  });

  it('whose link is no longer of use is not sent', async () => {
    await enqueue(reset('late@example.com', { expiresAt: '2026-01-01T00:00:00.000Z' }));
    const row = await reached('late@example.com', ({ status }) => status === 'failed');
    assert.equal(row.error, 'link_expired');
  });

  it('leaves its secret in no log', () => {
    const log = post.processes.worker.log();
    assert.ok(log.includes('password_reset'));
    for (const word of [secret, 'ada@example.com', post.mail.password]) {
      assert.ok(!log.includes(word) && !log.includes(encodeURIComponent(word)));
    }
  });
});

describe('a mail server that refuses', () => {
  it('the recipient, ends the mail; the message for now, gets it later', async () => {
    post.mail.fail({ stage: 'recipient', code: 550, words: '5.1.1 no such person' });
    await enqueue(reset('gone@example.com'));
    const gone = await reached('gone@example.com', ({ status }) => status === 'failed');
    assert.equal(gone.error, 'recipient_refused: 550 5.1.1');
    assert.ok(gone.wiped);
    post.mail.fail({ stage: 'message', code: 451, words: '4.3.0 later' });
    await enqueue(reset('later@example.com'));
    const later = await reached('later@example.com', ({ error }) => error !== null);
    assert.deepEqual([later.status, later.error], ['pending', 'refused: 451 4.3.0']);
    assert.ok(later.waits && !later.wiped);
    post.mail.fail(undefined);
    await post.mail.next('later@example.com');
  });
});

describe('two workers', () => {
  it('send each mail once', async () => {
    const second = await openSecondWorker();
    try {
      const everybody = Array.from({ length: 40 }, (_, index) => `crowd${index}@example.com`);
      await Promise.all(everybody.map((to) => enqueue(reset(to))));
      for (const to of everybody) await post.mail.next(to);
      await reached('crowd39@example.com', ({ status }) => status === 'sent');
      const crowd = post.mail.received.filter(({ to }) => to.startsWith('crowd'));
      assert.equal(crowd.length, everybody.length);
    } finally {
      await second.kill();
    }
  });
});

/** The simulator's place is free here: the second worker takes its port. */
async function openSecondWorker() {
  const { worker } = post.processes;
  const { TestProcess } = await import('../../../tools/harness/processes.ts');
  const environment = { ...worker.environment, PAYOS_WORKER_PORT: String(post.ports.simulator) };
  const second = new TestProcess('worker', environment, `${post.directory}/worker-2.log`);
  await second.start();
  return second;
}

describe('the way to the mail server', () => {
  /** Restarts the worker with other settings, and says what became of a mail. */
  const tryWith = async (to: string, settings: Record<string, string>) => {
    await post.processes.worker.stop();
    await post.processes.worker.start(settings);
    await enqueue(reset(to));
    return reached(to, ({ status, error }) => status !== 'pending' || error !== null);
  };

  /** What comes of a mail over these settings, sent as the worker sends it. */
  const sendOver = async (
    to: string,
    settings: Record<'PAYOS_SMTP_URL' | 'PAYOS_MAIL_FROM', string>,
    caFile?: string,
  ) => {
    const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
    const smtp = { url: settings.PAYOS_SMTP_URL, from: settings.PAYOS_MAIL_FROM, ca };
    const send = await openTransport(smtp, 'https://pay.shop.example');
    const words = { subject: 'Hello', text: 'Hello', html: '<p>Hello</p>' };
    return send({ id: 'mail_1', to, ...words }).then(() => undefined, describeFailure);
  };

  const cases = [
    ['is refused with the certificate of another authority', 'internal/payos-vault', {}],
    ['is refused with a certificate that nobody vouches for', 'localhost', 'no-ca'],
  ] as const;
  for (const [name, certificate, more] of cases) {
    for (const tls of ['starttls', 'implicit'] as const) {
      it(`${name} (${tls})`, async () => {
        const server = await startMailServer(post.cluster.certificates, { tls, certificate });
        const file = more === 'no-ca' ? undefined : server.settings.PAYOS_SMTP_CA_FILE;
        const failure = await sendOver('a@example.com', server.settings, file);
        assert.deepEqual(failure, { error: 'certificate_refused', final: false });
        assert.equal(server.received.length, 0);
        await server.stop();
      });
    }
  }

  it('is refused without TLS, but on this machine', async () => {
    const certificates = post.cluster.certificates;
    const server = await startMailServer(certificates, { tls: 'none', host: '0.0.0.0' });
    const far = await sendOver('far@example.com', server.settings);
    assert.match(far?.error ?? '', /^tls_failed/);
    assert.equal(far?.final, false);
    const url = server.settings.PAYOS_SMTP_URL.replace('0.0.0.0', '127.0.0.1');
    const near = { ...server.settings, PAYOS_SMTP_URL: url };
    assert.equal(await sendOver('near@example.com', near), undefined);
    assert.equal((await server.next('near@example.com')).secure, false);
    await server.stop();
  });

  it('is refused with a wrong password, which no log shows', async () => {
    const { port } = post.mail;
    const url = `smtp://payos:wrong-password@localhost:${port}`;
    const row = await tryWith('password@example.com', { PAYOS_SMTP_URL: url });
    assert.match(row.error ?? '', /^sign_in_refused/);
    assert.ok(!post.processes.worker.log().includes('wrong-password'));
  });

  it('comes back: what was written meanwhile is sent', async () => {
    const certificates = post.cluster.certificates;
    const server = await startMailServer(certificates, { tls: 'implicit' });
    const { port, settings } = server;
    await server.stop();
    const row = await tryWith('patient@example.com', settings);
    assert.deepEqual([row.status, row.error], ['pending', 'connection_failed']);
    const again = await startMailServer(certificates, { tls: 'implicit', port });
    const url = settings.PAYOS_SMTP_URL.replace(
      encodeURIComponent(server.password),
      encodeURIComponent(again.password),
    );
    await post.processes.worker.stop();
    await post.processes.worker.start({ ...settings, PAYOS_SMTP_URL: url });
    await again.next('patient@example.com', 30);
    await again.stop();
  });

  it('need not be there: then mails are dropped, not kept for later', async () => {
    await post.processes.worker.stop();
    await post.processes.worker.start({ PAYOS_SMTP_URL: '', PAYOS_MAIL_FROM: '' });
    await enqueue(reset('silent@example.com'));
    await eventually(async () => {
      return (await post.rows('silent@example.com')).length === 0 ? true : undefined;
    }, 'dropping');
  });

  it('is checked at start', async () => {
    await post.processes.worker.stop();
    const refused = (settings: Record<string, string>, ...messages: RegExp[]) =>
      assert.rejects(post.processes.worker.start(settings), (error: Error) =>
        messages.every((message) => message.test(error.message)),
      );
    await refused(
      {
        PAYOS_SMTP_URL: 'http://user:hidden@mail',
        PAYOS_MAIL_FROM: 'a@b\r\nBcc: c@d',
        PAYOS_PUBLIC_URL: 'http://shop.example',
      },
      /PAYOS_SMTP_URL must be a URL like smtps:/,
      /PAYOS_MAIL_FROM must be like PayOS </,
      /PAYOS_PUBLIC_URL must be a URL like https/,
    );
    await refused(
      { PAYOS_SMTP_URL: 'smtp://hidden@mail', PAYOS_MAIL_FROM: '' },
      /PAYOS_SMTP_URL must have a user and a password/,
      /PAYOS_MAIL_FROM is missing: PAYOS_SMTP_URL and/,
    );
    assert.ok(!post.processes.worker.log().includes('hidden'));
  });
});
