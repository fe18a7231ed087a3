/** The parts of an OpenAPI 3.1 document that the reference shows. */
export type Schema = {
  $ref?: string;
  anyOf?: Schema[];
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  description?: string;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  default?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
};

type Parameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description: string;
  schema: Schema;
};

export type Content = { schema: Schema; example?: unknown };

type Operation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  'x-permission': string;
  parameters: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { 'x-codes'?: string[]; content: Record<string, Content> }>;
};

type Server = { url: string; description: string };

export type OpenApi = {
  info: { title: string; version: string; summary: string };
  servers: Server[];
  tags: { name: string }[];
  paths: Record<string, Record<string, unknown> & { servers?: Server[] }>;
  webhooks: Record<string, { post: { summary: string } }>;
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
};

/** One operation with all that is needed to show it. */
export type Endpoint = {
  method: string;
  path: string;
  /** Where it is asked: the API, or the vault. */
  origin: string;
  operation: Operation;
  parameters: Parameter[];
};

/** The document with the addresses of this installation in it. */
export function withServers(document: OpenApi, apiUrl: string, vaultUrl: string): OpenApi {
  const paths = Object.entries(document.paths).map(([path, item]) => [
    path,
    item.servers ? { ...item, servers: moved(item.servers, vaultUrl) } : item,
  ]);
  const servers = moved(document.servers, apiUrl);
  return { ...document, servers, paths: Object.fromEntries(paths) };
}

const moved = (servers: Server[], url: string) => servers.map((server) => ({ ...server, url }));

/** Every endpoint, in the order of the document. */
export function endpointsOf(document: OpenApi): Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, { servers, ...methods }]) =>
    Object.entries(methods).map(([method, value]) => {
      const operation = value as Operation;
      const origin = (servers ?? document.servers)[0]?.url ?? '';
      const parameters = operation.parameters.map((one) => parameterOf(document, one));
      return { method: method.toUpperCase(), path, origin, operation, parameters };
    }),
  );
}

function parameterOf(document: OpenApi, one: Operation['parameters'][number]): Parameter {
  if (!('$ref' in one)) return one;
  const found = document.components.parameters[lastPart(one.$ref)];
  if (found === undefined) throw new Error(`the document has no ${one.$ref}`);
  return found;
}

/** The schema itself, and its name where it has one. */
export function resolve(document: OpenApi, schema: Schema): { schema: Schema; name?: string } {
  if (schema.$ref === undefined) return { schema };
  const name = lastPart(schema.$ref);
  const found = document.components.schemas[name];
  if (found === undefined) throw new Error(`the document has no ${schema.$ref}`);
  return { schema: found, name };
}

const lastPart = (reference: string) => reference.split('/').at(-1) ?? '';
