import type { FieldError } from 'payos-contract';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Refusal } from './problem.ts';

type SchemaError = { keyword: string; instancePath: string; params: object };

/**
 * Makes a checker of request bodies: answers the value with its type, or throws a {@link Refusal}
 * that names every place that is wrong. Values from the request are never repeated in it.
 */
export function bodyChecker<T extends TSchema>(schema: T): (value: unknown) => Static<T> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value as Static<T>;
    const errors = validator.Errors(value) as SchemaError[];
    throw new Refusal('invalid_request', { errors: toFieldErrors(errors) });
  };
}

function toFieldErrors(errors: readonly SchemaError[]): FieldError[] {
  return errors
    .filter(({ keyword }) => keyword !== 'additionalProperties')
    .flatMap(toFieldError)
    .slice(0, 20);
}

function toFieldError({ keyword, instancePath, params }: SchemaError): FieldError[] {
  const pointer = safePointer(instancePath);
  if (keyword === 'required' && 'requiredProperties' in params) {
    return (params.requiredProperties as string[]).map((name) =>
      fieldError(`${pointer}/${name}`, 'required', 'This field is missing.', 'Send it.'),
    );
  }
  if (keyword === 'boolean') {
    return [fieldError(pointer, 'unknown_field', 'There is no such field.', 'Leave it out.')];
  }
  if (keyword === 'type' && 'type' in params) {
    const fix = `Send a value of type ${String(params.type)}.`;
    return [fieldError(pointer, 'wrong_type', 'This value has the wrong type.', fix)];
  }
  const { code, expected } = expectation(keyword, new Map(Object.entries(params)));
  return [fieldError(pointer, code, `This value must be ${expected}.`, 'Correct the value.')];
}

/** What the schema says that a value has to be; never what was sent. */
function expectation(keyword: string, params: ReadonlyMap<string, unknown>) {
  const list = (name: string) => [params.get(name) ?? []].flat().join(', ');
  const [comparison, limit] = [list('comparison'), list('limit')];
  switch (keyword) {
    case 'enum':
      return { code: 'wrong_value', expected: `one of: ${list('allowedValues')}` };
    case 'const':
      return { code: 'wrong_value', expected: JSON.stringify(params.get('allowedValue')) };
    case 'minimum':
    case 'maximum':
      return { code: 'out_of_range', expected: `${comparison} ${limit}` };
    case 'minLength':
      return { code: 'wrong_length', expected: `at least ${limit} characters long` };
    case 'maxLength':
      return { code: 'wrong_length', expected: `at most ${limit} characters long` };
    case 'pattern':
      return { code: 'wrong_format', expected: readablePattern(list('pattern')) };
    default:
      return { code: `invalid_${keyword}`, expected: 'one of the documented forms' };
  }
}

/** People read "an id like tok_…", not the expression that checks it. */
function readablePattern(pattern: string): string {
  const id = /^\^([a-z]+_)\[1-9A-HJ/.exec(pattern);
  if (id !== null) return `an id like ${id[1]}…`;
  return pattern.startsWith('^[^\\u0000') ? 'free of control characters' : `of the form ${pattern}`;
}

/** One place that is wrong. `pointer` (RFC 6901) and `message` are shown: nothing that was sent. */
export function fieldError(
  pointer: string,
  code: string,
  message: string,
  fix: string,
): FieldError {
  return { pointer, code, message, fix };
}

/** Names sent by the client are repeated only if they look like names: a number could be a card. */
function safePointer(pointer: string): string {
  return pointer
    .split('/')
    .map((part) => (/^[A-Za-z_]{0,40}$|^\d{1,3}$/.test(part) ? part : '…'))
    .join('/');
}
