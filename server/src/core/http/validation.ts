import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifySchema, FastifySchemaCompiler } from 'fastify';

const common = { removeAdditional: false, useDefaults: true, allErrors: true, strict: true };

/** Bodies and paths: nothing is converted and nothing is dropped silently. */
const exact = new Ajv({ ...common, coerceTypes: false });
/** Query strings are all text, so there numbers have to be read from text. */
const fromText = new Ajv({ ...common, coerceTypes: true });
for (const ajv of [exact, fromText]) addFormats.default(ajv, ['date-time']);

/** Chooses the validator by the part of the request. */
export const compileValidator: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) =>
  (httpPart === 'querystring' ? fromText : exact).compile(schema) as never;
