import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

type Call = {
  method: 'GET' | 'POST';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** The only CA that is trusted, PEM; undefined: those that the runtime trusts. */
  ca: string | undefined;
};

export type Answer = { status: number; body: unknown };

const answerMs = 5_000;
const answerMax = 1024 * 1024;
/** Waits before the second and the third try, in milliseconds. */
const usualPauses: readonly number[] = [300, 1_000];

/**
 * Sends a request, again when there was no answer or one that may change soon: 429, 412 (a replica
 * that is behind), 472 and 473 (the wrong replica), 5xx. Redirects are not followed: the token
 * would go with them.
 *
 * @param pauses waits before each further try, in milliseconds
 * @returns the last answer
 * @throws Error of the last try, with Node's code
 */
export async function send(
  call: Call,
  deadline: AbortSignal,
  pauses = usualPauses,
): Promise<Answer> {
  for (const pause of [...pauses, undefined]) {
    try {
      const answer = await sendOnce(call, deadline);
      if (pause === undefined || !isPassing(answer.status)) return answer;
    } catch (error) {
      if (pause === undefined || deadline.aborted || isDistrust(error)) throw error;
    }
    await sleep(pause, undefined, { signal: deadline });
  }
  throw new Error('unreachable');
}

const isPassing = (status: number) => [412, 429, 472, 473].includes(status) || status >= 500;

/** Whether an error means that the other side's certificate is not believed. */
export function isDistrust(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code ?? '');
}

async function sendOnce(call: Call, deadline: AbortSignal): Promise<Answer> {
  const { url, method, headers, body, ca } = call;
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(answerMs)]);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const options = { method, headers, signal, agent: false, ...(ca === undefined ? {} : { ca }) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { ...options, minVersion: 'TLSv1.2' })
      .on('error', reject)
      .on('response', resolve)
      .end(body);
  });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > answerMax) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString('utf8')) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
