import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';

const common = { removeAdditional: false, useDefaults: true, allErrors: true, strict: true };

/** Bodies and paths: nothing is converted and nothing is dropped silently. */
const exact = new Ajv({ ...common, coerceTypes: false });
/** Query strings are all text, so there numbers have to be read from text. */
const fromText = new Ajv({ ...common, coerceTypes: true });
for (const ajv of [exact, fromText]) addFormats.default(ajv, ['date-time']);

type Check = ((value: unknown) => unknown) & Pick<ValidateFunction, 'errors'>;

/**
 * Chooses the validator by the part of the request. It is compiled when the first request needs it:
 * compiling those of all routes would take a fifth of the start. Tests compile all of them.
 */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  let validate: ValidateFunction | undefined;
  const check: Check = (value) => {
    validate ??= (httpPart === 'querystring' ? fromText : exact).compile(schema);
    const valid = validate(value);
    // Where Fastify looks for them.
    check.errors = validate.errors ?? null;
    return valid;
  };
  return check as never;
};
