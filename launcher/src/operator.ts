import { request } from 'node:http';
import { Refusal } from './refusal.ts';

/**
 * One request over an operator socket, the server's or the vault's, which only the user on this
 * machine can open.
 *
 * @returns the JSON answer
 * @throws Refusal when it is refused
 */
export function askOperator(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  return new Promise((done, failed) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const outgoing = request({ socketPath, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        if (status < 300) done(JSON.parse(text));
        else failed(new Refusal(`${method} ${path} was answered with ${status}: ${text}`));
      });
    });
    outgoing.on('error', failed);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
