import type { Endpoint } from './openapi.ts';

/** A word for a POSIX shell, whatever is in it. */
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * The request as it can be pasted into a shell in which `SECRET_KEY` is set, and `CA_FILE` too
 * where the installation made its own certificates.
 */
export function curlOf(endpoint: Endpoint, exampleId: string): string {
  const { method, path, origin, operation, parameters } = endpoint;
  const example = operation.requestBody?.content['application/json']?.example;
  const isOwnCa = new URL(origin).hostname === 'localhost';
  const idempotent = parameters.some(({ name }) => name === 'Idempotency-Key');
  const hasLimit = parameters.some(({ name }) => name === 'limit');
  const url = `${origin}${path.replace('{id}', exampleId)}${hasLimit ? '?limit=20' : ''}`;
  const simple = method === 'GET' || (method === 'POST' && example !== undefined);
  const lines = [
    `curl -sS${simple ? '' : ` -X ${method}`} ${quoted(url)}`,
    ...(isOwnCa ? ['--cacert "$CA_FILE"'] : []),
    '-H "Authorization: Bearer $SECRET_KEY"',
    ...(idempotent ? [`-H 'Idempotency-Key: ${keyOf(operation.operationId)}'`] : []),
    ...(example === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(example, null, 2))}`]),
  ];
  return lines.join(' \\\n  ');
}

/** A made-up key, different for every operation, as keys must be. */
const keyOf = (operationId: string) =>
  `${operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-1042`;
