import { invalidSignature } from './refuse-signature.ts';

/** What a signature covers: a header field, or a part of the request such as `@method`. */
export type Component = {
  /** As it stands in the list, quotes and all. */
  id: string;
  name: string;
  /** Of `@query-param`: which one, percent-encoded. */
  queryParam: string | undefined;
};

/** A Signature-Input field with one member (RFC 9421 §4.1). */
export type SignatureInput = {
  label: string;
  components: readonly Component[];
  /** The member's value as it arrived, which is what `@signature-params` covers. */
  params: string;
  /** Unix seconds. */
  created: number | undefined;
  expires: number | undefined;
  nonce: string | undefined;
  alg: string | undefined;
  keyid: string | undefined;
};

/**
 * Only the canonical form of RFC 8941 §4.1 is read, and of it only what RFC 9421 needs: then the
 * text that arrived is the text that was signed, and nothing has to be put together again. In
 * particular no member can be given twice, where a general parser takes the last without a word.
 */
const key = '[a-z*][a-z0-9_.*-]{0,63}';
const text = String.raw`"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"`;
const item = `${text}(?:;name=${text})?`;
const member = new RegExp(
  String.raw`^(${key})=(\(((?:${item}(?: ${item})*)?)\)((?:;${key}=(?:\d{1,15}|${text}))*))`,
);
const items = new RegExp(`(${text})(?:;name=(${text}))?`, 'g');
const parameters = new RegExp(String.raw`;(${key})=(?:(\d{1,15})|(${text}))`, 'g');

/** Field names in lower case (RFC 9110 §5.1), or a derived component. */
const componentName = /^@?[a-z0-9!#$%&'*+.^_`|~-]+$/;
const componentsMax = 50;
const fieldLengthMax = 8_192;

const numbers = ['created', 'expires'] as const;
const texts = ['nonce', 'alg', 'keyid', 'tag'] as const;

/**
 * Reads a Signature-Input field.
 *
 * @throws ApiError `invalid_signature` unless it is one signature in canonical form
 */
export function parseSignatureInput(field: string): SignatureInput {
  requireLength('Signature-Input', field);
  const [whole, label, params, list, rest] = member.exec(field) ?? [];
  if (whole === undefined || !label || !params || list === undefined || rest === undefined) {
    throw malformed('Signature-Input', 'label=("@method" "@target-uri");created=…;keyid="…"');
  }
  const after = field.slice(whole.length);
  if (after.trimStart().startsWith(','))
    throw invalidSignature('There is more than one signature.');
  if (after !== '') {
    throw malformed('Signature-Input', `nothing that begins with ${quoted(after)}`);
  }
  return { label, params, components: readComponents(list), ...readParameters(rest) };
}

/**
 * Reads a Signature field.
 *
 * @throws ApiError `invalid_signature` unless it is one signature of that label, in base64
 */
export function parseSignature(field: string, label: string): Buffer {
  requireLength('Signature', field);
  const [, name, base64] = /^([^=]{1,64})=:([A-Za-z0-9+/]+={0,2}):$/.exec(field) ?? [];
  if (name === undefined || base64 === undefined) {
    throw malformed('Signature', 'label=:base64:');
  }
  if (name !== label) {
    throw invalidSignature('Signature and Signature-Input have different labels.');
  }
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw malformed('Signature', 'canonical base64');
  return bytes;
}

function readComponents(list: string): Component[] {
  const components: Component[] = [];
  for (const [id, name = '', queryParam] of list.matchAll(items)) {
    const component = { id, name: unquote(name), queryParam: queryParam && unquote(queryParam) };
    if (!componentName.test(component.name)) {
      throw invalidSignature(`${quoted(name)} is not the name of a component, in lower case.`);
    }
    if (components.some((other) => other.id === id)) {
      throw invalidSignature(`The signature covers ${quoted(id)} twice.`);
    }
    components.push(component);
    if (components.length > componentsMax) {
      throw invalidSignature(`The signature covers more than ${componentsMax} components.`);
    }
  }
  return components;
}

function readParameters(rest: string) {
  const found = new Map<string, number | string>();
  for (const [, name = '', digits, quotedText] of rest.matchAll(parameters)) {
    const isNumber = (numbers as readonly string[]).includes(name);
    if (!isNumber && !(texts as readonly string[]).includes(name)) {
      throw invalidSignature(`The signature has a parameter ${quoted(name)}, which means nothing.`);
    }
    if (found.has(name)) throw invalidSignature(`The signature has ${name} twice.`);
    const value = isNumber ? digits && Number(digits) : quotedText && unquote(quotedText);
    if (value === undefined) {
      throw invalidSignature(`${name} must be ${isNumber ? 'a number' : 'a text in quotes'}.`);
    }
    found.set(name, value);
  }
  const number = (name: (typeof numbers)[number]) => found.get(name) as number | undefined;
  const string = (name: (typeof texts)[number]) => found.get(name) as string | undefined;
  return {
    created: number('created'),
    expires: number('expires'),
    nonce: string('nonce'),
    alg: string('alg'),
    keyid: string('keyid'),
  };
}

function requireLength(name: string, field: string): void {
  if (field.length <= fieldLengthMax) return;
  throw invalidSignature(`${name} is longer than ${fieldLengthMax} characters.`);
}

function malformed(name: string, form: string) {
  return invalidSignature(`${name} must be in the canonical form of RFC 8941: ${form}.`);
}

const unquote = (text: string) => text.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
const quoted = (text: string) => `\`${text.slice(0, 60)}\``;
