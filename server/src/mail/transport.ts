import { rootCertificates } from 'node:tls';

/** Where mails leave, as the settings say it. */
export type Smtp = {
  /** PAYOS_SMTP_URL */
  url: string;
  /** PAYOS_MAIL_FROM */
  from: string;
  /** Content of PAYOS_SMTP_CA. */
  ca: string | undefined;
};

/** What leaves: the same words twice. */
type Message = {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
};

/** Hands a message to the mail server, or throws. */
export type SendMessage = (message: Message) => Promise<void>;

const stepMs = 10_000;
/** The longest that handing over one message may take, in milliseconds. */
const sendMaxMs = 25_000;

/**
 * Opens the way to the mail server: TLS with a certificate that is checked, always, but for a
 * server on this machine that offers none.
 */
export async function openTransport(
  { url, from, ca }: Smtp,
  publicUrl: string,
): Promise<SendMessage> {
  // Only here, because the server writes mails and sends none.
  const { createTransport } = await import('nodemailer');
  const server = new URL(url);
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const secure = server.protocol === 'smtps:';
  const [user, pass] = [server.username, server.password].map(decodeURIComponent);
  const transport = createTransport({
    host,
    port: server.port === '' ? (secure ? 465 : 587) : Number(server.port),
    secure,
    requireTLS: !secure && !isLoopback(host),
    ...(user ? { auth: { user, pass } } : {}),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) },
    name: new URL(publicUrl).hostname,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: stepMs,
    allowInternalNetworkInterfaces: true,
    // What a letter holds is text: nothing in it makes us read a file or ask a server.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([^>]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return async ({ id, to, subject, text, html }) => {
    await transport.sendMail({
      from,
      to: { name: '', address: to },
      subject,
      text,
      html,
      // The same at every try, so that a mail server can tell a repetition.
      messageId: `<${id}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.timeout(sendMaxMs),
    });
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** One address, with nothing in it that could begin another or end a line. */
export function isOneAddress(text: string): boolean {
  return /^[^\s@<>"(),:;\\[\]\p{Cc}]{1,64}@[^\s@<>"(),:;\\[\]\p{Cc}]{1,253}$/u.test(text);
}

export type Failure = {
  /** For the operator: a short code, never what was in the mail. */
  error: string;
  /** It would be the same tomorrow. */
  final: boolean;
};

const codes: Record<string, string> = {
  ETIMEDOUT: 'timeout',
  EABORT: 'timeout',
  EDNS: 'host_not_found',
  ETLS: 'tls_failed',
  EAUTH: 'sign_in_refused',
  ECONNECTION: 'connection_failed',
  ESOCKET: 'connection_failed',
};

/** What went wrong, from the error that {@link SendMessage} threw. */
export function describeFailure(error: unknown): Failure {
  const { code, command, responseCode, response, message } = error as {
    code?: string;
    command?: string;
    responseCode?: number;
    response?: string;
    message?: string;
  };
  const refused = command === 'RCPT TO' ? 'recipient_refused' : 'refused';
  const known = codes[code ?? ''] ?? (responseCode === undefined ? 'failed' : refused);
  const certificate = /certificate|altnames/i.test(message ?? '') && known !== refused;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const status = [responseCode, enhanced].filter((part) => part !== undefined).join(' ');
  const word = certificate ? 'certificate_refused' : known;
  return {
    error: status === '' ? word : `${word}: ${status}`,
    // The server knows who and what it will never take. All else may be its setting, or ours.
    final: (command === 'RCPT TO' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500,
  };
}
