import { invalidSignature } from './refuse-signature.ts';
import type { Component, SignatureInput } from './signature-fields.ts';

/** A request as far as signatures can cover it. */
export type RequestParts = {
  method: string;
  /** As the client addressed it, in lower case, without the default port. */
  authority: string;
  /** Path and query as they stood in the request line. */
  target: string;
  /** Values of each header field, one per line, by lower-case name. */
  fields: Readonly<Record<string, readonly string[] | undefined>>;
};

/** The value of a component; undefined when the message has none. */
export type ValueOf = (component: Component) => string | undefined;

/**
 * The signature base of RFC 9421 §2.5: what the signer signed, put together from what arrived.
 *
 * @throws ApiError `invalid_signature` when a covered component is not there or cannot be signed
 */
export function signatureBase(input: SignatureInput, valueIn: ValueOf): string {
  const lines = input.components.map((component) => {
    const value = valueIn(component);
    if (value === undefined) {
      throw invalidSignature(`The signature covers ${component.id}, which the request lacks.`);
    }
    // A line break would let one component pass for two.
    if (/[^\x20-\x7e]/.test(value)) {
      throw invalidSignature(`${component.id} has characters that cannot be signed.`);
    }
    return `${component.id}: ${value}`;
  });
  return [...lines, `"@signature-params": ${input.params}`].join('\n');
}

/** Values of the components of a request over TLS (RFC 9421 §2.1 and §2.2). */
export function componentsOf(request: RequestParts): ValueOf {
  const { method, authority, target, fields } = request;
  const [path = '', ...rest] = target.split('?');
  const query = rest.length === 0 ? undefined : rest.join('?');
  const derived: Record<string, () => string | undefined> = {
    '@method': () => method,
    '@authority': () => authority,
    '@scheme': () => 'https',
    '@target-uri': () => `https://${authority}${target}`,
    '@request-target': () => target,
    '@path': () => path,
    '@query': () => `?${query ?? ''}`,
  };
  return ({ id, name, queryParam }) => {
    if (name === '@query-param' && queryParam !== undefined) {
      return parameterOf(query ?? '', queryParam);
    }
    if (queryParam !== undefined) {
      throw invalidSignature(`${id}: only "@query-param" has a name.`);
    }
    if (!name.startsWith('@')) return fieldValue(fields[name]);
    const value = derived[name];
    if (value !== undefined) return value();
    throw invalidSignature(`${id} is not a component of a request that is known here.`);
  };
}

/** All lines of a field as one (RFC 9421 §2.1). */
function fieldValue(lines: readonly string[] | undefined): string | undefined {
  return lines?.map((line) => line.trim()).join(', ');
}

/** @throws ApiError for a parameter that is there twice: then it is not clear which one counts */
function parameterOf(query: string, name: string): string | undefined {
  const values = [...new URLSearchParams(query)].filter(([key]) => percentEncode(key) === name);
  if (values.length > 1) {
    throw invalidSignature('A query parameter that occurs twice cannot be covered by itself.');
  }
  const [value] = values.map(([, text]) => percentEncode(text));
  return value;
}

/** With the set of application/x-www-form-urlencoded (RFC 9421 §2.2.8, WHATWG URL §1.3). */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!~'()]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
