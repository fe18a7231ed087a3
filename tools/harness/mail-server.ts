import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as its reader sees it. */
type ReceivedMail = {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  /** Every link in the text. */
  links: string[];
  /** The token of the first link that carries one. */
  token: string;
  /** Lower-case names. */
  headers: ReadonlyMap<string, string>;
  /** Whether it came over TLS. */
  secure: boolean;
};

type MailServerOptions = {
  /** `starttls` unless told otherwise. */
  tls?: 'starttls' | 'implicit' | 'none';
  /** Name of the certificate files, below the folder of certificates. */
  certificate?: string;
  port?: number;
  host?: string;
  /** Where mails are kept for other processes, see `openMailbox`. */
  keepIn?: string;
};

/** What to answer to the next messages: an SMTP status and its words. */
type Trouble = { stage: 'recipient' | 'message'; code: number; words: string };

/** A real mail server on loopback that keeps what it is given. */
type MailServer = Awaited<ReturnType<typeof startMailServer>>;

/** Starts a mail server with the test run's certificates. */
export async function startMailServer(certificates: string, options: MailServerOptions = {}) {
  const { tls = 'starttls', certificate = 'localhost', host = 'localhost', keepIn } = options;
  const password = `${randomBytes(6).toString('hex')}@/:`;
  const received: ReceivedMail[] = [];
  const taken = new Set<ReceivedMail>();
  const state: { trouble: Trouble | undefined } = { trouble: undefined };
  const troubleAt = (stage: Trouble['stage']) => {
    const { trouble } = state;
    if (trouble?.stage !== stage) return null;
    return Object.assign(new Error(trouble.words), { responseCode: trouble.code });
  };
  const server = new SMTPServer({
    secure: tls === 'implicit',
    disabledCommands: tls === 'none' ? ['STARTTLS'] : [],
    allowInsecureAuth: tls === 'none',
    cert: readFileSync(join(certificates, `${certificate}.pem`)),
    key: readFileSync(join(certificates, `${certificate}-key.pem`)),
    authMethods: ['PLAIN'],
    closeTimeout: 100,
    onAuth: (auth, _session, done) => {
      const right = auth.username === 'payos' && auth.password === password;
      done(right ? null : new Error('wrong password'), { user: auth.username });
    },
    onRcptTo: (_address, _session, done) => done(troubleAt('recipient')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const trouble = troubleAt('message');
        if (trouble !== null) return done(trouble);
        const mail = await read(Buffer.concat(chunks));
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        const whole = { ...mail, to, secure: session.secure };
        received.push(whole);
        if (keepIn !== undefined) appendFileSync(keepIn, toLine(whole), { mode: 0o600 });
        done();
      });
    },
  } as SMTPServerOptions);
  // A client that refuses our certificate breaks the connection: that is what is tested.
  server.on('error', () => {});
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, host === 'localhost' ? '127.0.0.1' : host, resolve);
  });
  // A test that fails before it ends the server shall not wait for it.
  server.server.unref();
  const { port } = server.server.address() as { port: number };
  const scheme = tls === 'implicit' ? 'smtps' : 'smtp';
  return {
    received,
    port,
    password,
    /** What makes an installation send its mails here. */
    settings: {
      PAYOS_SMTP_URL: `${scheme}://payos:${encodeURIComponent(password)}@${host}:${port}`,
      PAYOS_SMTP_CA_FILE: join(certificates, 'ca.pem'),
      PAYOS_MAIL_FROM: 'PayOS <payos@shop.example>',
    },
    /** Answers with this from now on; undefined: takes everything again. */
    fail: (trouble: Trouble | undefined) => {
      state.trouble = trouble;
    },
    /** The oldest mail to this address that was not asked for yet; waits for it if need be. */
    next: (to: string, seconds?: number) => awaitNext(() => received, taken, to, seconds),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export type Mailbox = Pick<MailServer, 'next'>;

/** What a mail server in another process has been given, and keeps in this file. */
export function openMailbox(file: string): Mailbox {
  const received: ReceivedMail[] = [];
  const taken = new Set<ReceivedMail>();
  const read = () => {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(received.length)) received.push(fromLine(line));
    return received;
  };
  return { next: (to, seconds) => awaitNext(read, taken, to, seconds) };
}

const toLine = (mail: ReceivedMail) =>
  `${JSON.stringify({ ...mail, headers: [...mail.headers] })}\n`;

function fromLine(line: string): ReceivedMail {
  const mail = JSON.parse(line);
  return { ...mail, headers: new Map(mail.headers) };
}

async function awaitNext(
  received: () => readonly ReceivedMail[],
  taken: Set<ReceivedMail>,
  to: string,
  seconds = 20,
): Promise<ReceivedMail> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = received().find((mail) => mail.to === to && !taken.has(mail));
    if (found !== undefined) {
      taken.add(found);
      return found;
    }
    if (performance.now() > end) throw new Error(`no mail to ${to} within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function read(raw: Buffer): Promise<Omit<ReceivedMail, 'to' | 'secure'>> {
  const mail = await PostalMime.parse(raw);
  const links = mail.text?.match(/https?:\/\/\S+/g) ?? [];
  const token = links.map((link) => /#token=(\S+)$/.exec(link)?.[1]).find(Boolean);
  return {
    from: mail.from?.address ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    links,
    token: token ?? '',
    headers: new Map(mail.headers.map(({ key, value }) => [key, value])),
  };
}
