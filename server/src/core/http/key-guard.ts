import type { FastifyInstance } from 'fastify';
import { secretKeysIn } from 'payos-contract';
import { ApiError } from '../errors.ts';
import { findText } from '../find-text.ts';
import type { AppOptions } from './app.ts';

/** A secret key that was sent where others can read it. Whether it is anybody's is open yet. */
export type ExposedKey = {
  key: string;
  how: 'plain_http' | 'url' | 'browser';
  address: string | undefined;
};

/** Keys looked at in one request: more than one is no accident. */
const keysMax = 3;

/** Tells of the keys in a text. Answers whether there were any. */
export function tellOfKeys(
  { onExposedKey }: Pick<AppOptions, 'onExposedKey'>,
  text: string,
  how: ExposedKey['how'],
  address: string | undefined,
): boolean {
  const keys = secretKeysIn(text).slice(0, keysMax);
  for (const key of keys) onExposedKey?.({ key, how, address });
  return keys.length > 0;
}

/**
 * Refuses requests with a key in the URL, also where there is no such path: URLs are kept in
 * histories, in logs of proxies, and in the Referer of the next page (CWE-598).
 */
export function refuseKeysInUrl(app: FastifyInstance, options: AppOptions): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const found = tellOfKeys(options, request.raw.url ?? '', 'url', request.ip);
    done(found ? new ApiError('key_in_url') : undefined);
  });
}

/** @throws ApiError `key_in_body` naming the field: what is stored is shown to others */
export function refuseKeysInBody(body: unknown): void {
  const pointer = findText(body, (text) => secretKeysIn(text).length > 0);
  if (pointer === undefined) return;
  throw new ApiError('key_in_body', { param: pointer.slice(1).replaceAll('/', '.') });
}
