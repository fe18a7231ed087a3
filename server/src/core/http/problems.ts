import type { FastifyError } from 'fastify';
import type { ErrorCode, FieldError } from 'payos-contract';
import { databaseIsAway, refusesValue } from '../db.ts';
import { ApiError } from '../errors.ts';
import { bodyMax } from './limits.ts';

/** What Fastify's own errors mean to a caller. */
const frameworkCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_http',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'malformed_http',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  FST_ERR_ASYNC_CONSTRAINT: 'malformed_http',
};

/** The error as a caller may see it; `undefined` when it is ours and must stay inside. */
export function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (!(error instanceof Error)) return undefined;
  if (refusesValue(error)) {
    return new ApiError('invalid_request', { detail: 'A value is out of range.' });
  }
  if (databaseIsAway(error)) return new ApiError('unavailable', {}, { 'retry-after': '1' });
  const { validation, validationContext, code } = error as FastifyError;
  // An id that cannot exist is an object that does not.
  if (validation !== undefined && validationContext === 'params') return new ApiError('not_found');
  if (validation !== undefined) return fromValidation(validation, validationContext ?? 'body');
  const known = frameworkCodes[code];
  if (known === 'body_too_large') {
    return new ApiError(known, { detail: `A body may have at most ${bodyMax} bytes.` });
  }
  return known === undefined ? undefined : new ApiError(known);
}

type Finding = {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  message?: string;
};

function fromValidation(findings: readonly object[], where: string): ApiError {
  const all = findings as Finding[];
  const short = all.filter(({ keyword }) => keyword === 'minLength').map((one) => one.instancePath);
  // What is too short has no form, either: that it is too short is enough.
  const told = all.filter((one) => one.keyword !== 'pattern' || !short.includes(one.instancePath));
  const errors = distinct(told.map((finding) => toFieldError(finding, where)));
  const [first] = errors;
  return new ApiError('invalid_request', {
    detail: first?.message,
    param: first?.pointer.slice(1).replaceAll('/', '.'),
    errors: errors.slice(0, 20),
  });
}

function toFieldError(finding: Finding, where: string): FieldError {
  const { keyword, params } = finding;
  const missing = keyword === 'required' ? `/${params['missingProperty']}` : '';
  const extra =
    keyword === 'additionalProperties' ? `/${escapePointer(params['additionalProperty'])}` : '';
  const prefix = where === 'body' ? '' : `/${where === 'querystring' ? 'query' : where}`;
  const pointer = `${prefix}${finding.instancePath}${missing}${extra}`;
  const name = pointer === '' ? 'The body' : `\`${pointer.slice(1).replaceAll('/', '.')}\``;
  return { pointer, ...describe(finding, name) };
}

function describe(
  { keyword, params, message }: Finding,
  name: string,
): Omit<FieldError, 'pointer'> {
  switch (keyword) {
    case 'required':
      return { code: 'missing', message: `${name} is missing.`, fix: 'Send it.' };
    case 'additionalProperties':
      return { code: 'unknown_field', message: `${name} is not a field.`, fix: 'Leave it out.' };
    case 'type': {
      const expected = Array.isArray(params['type']) ? params['type'].join(' or ') : params['type'];
      return wrong('wrong_type', name, `of type ${expected}; values are never converted`);
    }
    case 'enum':
      return wrong('wrong_value', name, `one of: ${list(params['allowedValues'])}`);
    case 'const':
      return wrong('wrong_value', name, JSON.stringify(params['allowedValue']));
    case 'minimum':
    case 'maximum':
      return wrong('out_of_range', name, `${params['comparison']} ${params['limit']}`);
    case 'minLength':
    case 'maxLength': {
      const bound = keyword === 'minLength' ? 'at least' : 'at most';
      return wrong('wrong_length', name, `${bound} ${params['limit']} characters long`);
    }
    case 'pattern':
      return wrong('wrong_format', name, readablePattern(String(params['pattern'])));
    case 'format':
      return wrong('wrong_format', name, `a ${params['format']}, e.g. 2026-11-23T10:00:00Z`);
    case 'minProperties':
      return { code: 'empty', message: `${name} is empty.`, fix: 'Send at least one field.' };
    default:
      return wrong(keyword, name, (message ?? 'something else').replace(/^must /, ''));
  }
}

/** People read "an id like tok_…", not the expression that checks it. */
function readablePattern(pattern: string): string {
  if (pattern.startsWith('^[^\\u0000')) return 'free of control characters';
  const id = /^\^([a-z]+_)\[1-9A-HJ/.exec(pattern);
  return id === null ? `of the form ${pattern}` : `an id like ${id[1]}…`;
}

function wrong(code: string, name: string, expected: string): Omit<FieldError, 'pointer'> {
  return {
    code,
    message: `${name} must be ${expected}.`.replace('be have', 'have'),
    fix: 'Correct the value.',
  };
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}

function escapePointer(key: unknown): string {
  return String(key).slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1');
}

function distinct(errors: FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter(({ pointer, code }) => {
    const key = `${pointer} ${code}`;
    return seen.has(key) ? false : seen.add(key);
  });
}
