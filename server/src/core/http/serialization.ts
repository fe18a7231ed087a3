import buildSerializer from 'fast-json-stringify';
import type { FastifySerializerCompiler } from 'fastify';

type Serialize = (value: unknown) => string;

/**
 * Answers are written by their schema: what it does not name does not leave. Compiled with the
 * first answer, for the same reason as validators.
 */
export const compileSerializer: FastifySerializerCompiler<object> = ({ schema }) => {
  let serialize: Serialize | undefined;
  return (value) => {
    serialize ??= buildSerializer(schema) as Serialize;
    return serialize(value);
  };
};
