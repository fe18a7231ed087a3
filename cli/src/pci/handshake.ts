import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';

/** What a port says of itself when somebody connects. */
export type Handshake = {
  url: string;
  protocol: string | null;
  cipher: string | null;
  /** Of the certificate: who it is for, who issued it, when it ends. */
  names: string | null;
  issuer: string | null;
  ends_at: string | null;
  /** Whether this machine trusts the certificate; else why not. */
  trust: string;
  /** Whether TLS 1.1 and older were refused. */
  refuses_old: boolean | null;
};

const timeoutMs = 5_000;

/** Connects twice: as browsers do, and with what has been broken for years. Sends nothing. */
export async function shakeHands(url: string, ca: string | undefined): Promise<Handshake> {
  const now = await tryOnce(url, { ca });
  if (typeof now === 'string') {
    const nothing = { protocol: null, cipher: null, names: null, issuer: null, ends_at: null };
    return { url, ...nothing, trust: `no connection (${now})`, refuses_old: null };
  }
  const protocols = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
  const old = await tryOnce(url, { ...protocols, ciphers: 'DEFAULT@SECLEVEL=0' });
  return { url, ...now, refuses_old: typeof old === 'string' };
}

type Seen = Omit<Handshake, 'url' | 'refuses_old'>;
type Protocols = {
  ca?: string | undefined;
  minVersion?: 'TLSv1';
  maxVersion?: 'TLSv1.1';
  ciphers?: string;
};

/** @returns what was seen, or the code of the error */
function tryOnce(url: string, { ca, ...protocols }: Protocols): Promise<Seen | string> {
  const { hostname, port } = new URL(url);
  const trusted = ca === undefined ? {} : { ca };
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: Number(port === '' ? 443 : port),
      servername: hostname,
      // Looked at, not relied on: nothing is sent.
      rejectUnauthorized: false,
      ...trusted,
      ...protocols,
    });
    socket.setTimeout(timeoutMs, () => end('no answer'));
    socket.once('secureConnect', () => end(lookAt(socket)));
    socket.once('error', (error) => end(String(Reflect.get(error, 'code') ?? error.message)));
    const end = (result: Seen | string) => {
      resolve(result);
      socket.destroy();
    };
  });
}

function lookAt(socket: TLSSocket): Seen {
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate();
  const { valid_to: ends } = certificate;
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().standardName,
    names: certificate.subjectaltname ?? null,
    issuer: certificate.issuer?.CN?.toString() ?? null,
    ends_at: ends === undefined ? null : new Date(ends).toISOString(),
    trust: socket.authorized ? 'trusted' : String(socket.authorizationError),
  };
}
