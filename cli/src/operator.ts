import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Complaint, complaintOf } from './complaint.ts';
import { operatorSocket, vaultSocket } from './data-folder.ts';
import { optionOf } from './keys/options.ts';
import type { Surroundings } from './surroundings.ts';

const timeoutMs = 30_000;
/** The vault reads through all its cards for some of what it is asked. */
const vaultTimeoutMs = 600_000;
const answerBytesMax = 16 * 1024 * 1024;

/** There is nobody at the socket: nothing was asked. */
export class NotRunning extends Complaint {}

/**
 * One request to the running server over its Unix socket. Who may open the socket is the operator:
 * there is no other credential.
 *
 * @param path with its query
 * @returns the parsed answer, which the server's schema vouches for
 * @throws Complaint
 */
export async function askOperator<T>(
  around: Surroundings,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
): Promise<T> {
  return ask(operatorSocket(around), method, path, body, timeoutMs);
}

/** The same towards the vault, which has a socket of its own. @throws Complaint */
export async function askVault<T>(around: Surroundings, path: string, body: object): Promise<T> {
  return ask(vaultSocket(around), 'POST', path, body, vaultTimeoutMs);
}

async function ask<T>(
  socketPath: string,
  method: string,
  path: string,
  body: object | undefined,
  longestMs: number,
): Promise<T> {
  const asked = exchange(socketPath, method, path, body, longestMs);
  const { status, text } = await asked.catch((error) => {
    throw unreachable(error, socketPath);
  });
  const value = parse(text);
  if (value === undefined) {
    throw new Complaint(`${socketPath} answered something that is not PayOS (status ${status}).`);
  }
  if (status >= 200 && status < 300) return value as T;
  throw refused(value, status);
}

function exchange(
  socketPath: string,
  method: string,
  path: string,
  body: object | undefined,
  longestMs: number,
): Promise<{ status: number; text: string }> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    host: 'localhost',
    accept: 'application/json, application/problem+json',
    ...(payload && { 'content-type': 'application/json', 'content-length': payload.byteLength }),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(longestMs);
    const request = httpRequest({ socketPath, method, path, headers, agent: false, signal });
    request.on('error', reject);
    request.on('response', (response: IncomingMessage) => {
      readAll(response).then((text) => {
        resolve({ status: response.statusCode ?? 0, text });
      }, reject);
    });
    request.end(payload);
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new RangeError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function refused(body: Record<string, unknown>, status: number): Complaint {
  const text = (name: string) => {
    const value = body[name];
    return typeof value === 'string' ? value : undefined;
  };
  const errors = Array.isArray(body.errors) ? body.errors : [];
  return complaintOf({
    title: text('title') ?? `The server refused this (status ${status}).`,
    detail: text('detail'),
    fix: text('fix'),
    requestId: text('request_id'),
    errors: errors.map((entry: unknown) => {
      const members = new Map(Object.entries(entry ?? {}));
      const member = (name: string) => String(members.get(name) ?? '');
      return { pointer: optionOf(member('pointer')), message: member('message') };
    }),
  });
}

function unreachable(error: unknown, socketPath: string): Complaint {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') {
    return new NotRunning(
      `PayOS is not running here (no answer at ${socketPath}). Start it with \`npm start\`; ` +
        'where the vault is on a machine of its own, ask there.',
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new Complaint(`${socketPath} is not yours to use.`, [
      'fix: Run this as the user who started PayOS.',
    ]);
  }
  return new Complaint(`There was no answer at ${socketPath} (${String(code ?? error)}).`, [
    'fix: Look whether it runs, and call again: what was begun goes on where it was.',
  ]);
}
