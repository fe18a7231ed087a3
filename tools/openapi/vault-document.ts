import type { ErrorCode } from 'payos-contract';
import { root, runScript } from '../program.ts';
import { exampleOf, requestExamples } from './examples.ts';
import { type Idempotency, problems, sharedParameters, success } from './operation.ts';
import type { Json } from './schemas.ts';

type VaultOperation = Json & {
  requestBody?: { content: Record<string, { schema: Json; example?: Json }> };
  responses: Record<string, Json & { 'x-codes'?: ErrorCode[]; content?: Record<string, Json> }>;
};
type Schemas = Record<string, Json>;

/**
 * What the vault says of its public API, with what all operations share put in. It is asked in a
 * process of its own, because nobody imports the vault.
 *
 * @throws Error with what it printed when it says nothing usable
 */
export async function vaultDocument() {
  const { code, output } = await runScript(`${root}/vault/src/openapi.ts`, []);
  if (code !== 0) throw new Error(`the vault does not describe its API:\n${output}`);
  const document = JSON.parse(output) as {
    paths: Record<string, Record<string, VaultOperation>>;
    components: { schemas: Schemas };
  };
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const operations = Object.entries(item).map(([method, one]) => [method, complete(one)]);
    return [path, Object.fromEntries(operations) as Json];
  });
  return {
    paths: Object.fromEntries(paths) as Record<string, Json>,
    schemas: document.components.schemas,
  };
}

function complete(operation: VaultOperation): Json {
  const { 'x-idempotency': idempotency, ...rest } = operation;
  const codes = Object.values(operation.responses).flatMap((one) => one['x-codes'] ?? []);
  const succeeded = Object.entries(operation.responses).filter(([status]) => status < '300');
  const body = operation.requestBody?.content['application/json'];
  return {
    ...rest,
    parameters: sharedParameters(idempotency as Idempotency),
    ...(body && {
      requestBody: {
        ...operation.requestBody,
        content: { 'application/json': { ...body, example: requestExamples['CreateToken'] } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        succeeded.map(([status, { content }]) => {
          const schema = content?.['application/json']?.['schema'];
          return [status, success(schema, exampleOf(schema as Json), idempotency !== undefined)];
        }),
      ),
      ...problems(codes),
    },
  };
}
