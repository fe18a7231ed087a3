import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

type ReceivedEvent = {
  webhookId: string;
  // Tests look into events of every type.
  // biome-ignore lint/suspicious/noExplicitAny: a test that misreads an event fails
  event: any;
  verified: boolean;
};

/** A merchant's HTTPS endpoint that verifies signatures by an implementation of its own. */
export type WebhookReceiver = Awaited<ReturnType<typeof startWebhookReceiver>>;

/** Starts a receiver with the test run's certificate. It answers 200 unless told otherwise. */
export async function startWebhookReceiver(certificates: string) {
  const received: ReceivedEvent[] = [];
  const state = { secret: '', status: () => 200 };
  const server = createServer(
    {
      cert: readFileSync(join(certificates, 'localhost.pem')),
      key: readFileSync(join(certificates, 'localhost-key.pem')),
    },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const webhookId = String(request.headers['webhook-id']);
        const signed = `${webhookId}.${String(request.headers['webhook-timestamp'])}.`;
        const verified = verify(state.secret, signed, body, request.headers['webhook-signature']);
        received.push({ webhookId, event: JSON.parse(body.toString()), verified });
        response.writeHead(state.status()).end();
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/hook`,
    received,
    /** The `whsec_…` of the endpoint that points here. */
    expect: (secret: string) => {
      state.secret = secret;
    },
    /** Decides each answer's status. */
    answer: (status: () => number) => {
      state.status = status;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function verify(secret: string, signed: string, body: Buffer, header: unknown): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(signed).update(body).digest();
  return String(header)
    .split(' ')
    .some((part) => {
      const given = Buffer.from(part.replace(/^v1,/, ''), 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}
