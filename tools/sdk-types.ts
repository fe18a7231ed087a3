/**
 * Turns the schemas of an OpenAPI 3.1 document into the SDK's types. Pure: text in, text out.
 *
 * The document may be merged from several (API, vault, operator socket); only
 * `components.schemas` is read. A part that equals a named schema becomes a reference to it.
 */
type Json = Record<string, unknown>;

/** Schemas without which the SDK and the command line do not type-check. */
export const sdkSchemaNames = [
  'ApiKey',
  'ApiKeyList',
  'ApiKeyWithSecret',
  'CancelPayment',
  'CapturePayment',
  'CardDisplay',
  'CheckoutSession',
  'CreateApiKey',
  'CreateCheckoutSession',
  'CreateCustomer',
  'CreateForward',
  'CreateOrganization',
  'CreatePayment',
  'CreateRefund',
  'CreateCvcToken',
  'CreateToken',
  'CreateWebhookEndpoint',
  'CheckoutSessionWithUrl',
  'Customer',
  'CvcToken',
  'Deleted',
  'Delivery',
  'Event',
  'ForwardRecord',
  'ForwardSummary',
  'ListApiKeys',
  'ListCheckoutSessions',
  'ListCustomers',
  'ListDeliveries',
  'ListEvents',
  'ListForwards',
  'ListPaymentMethods',
  'ListPayments',
  'ListRefunds',
  'ListWebhookEndpoints',
  'Organization',
  'OrganizationList',
  'Payment',
  'PaymentMethod',
  'PaymentWithAttempts',
  'Problem',
  'Refund',
  'RevokeApiKey',
  'Token',
  'TokenDetails',
  'UpdatePaymentMethod',
  'UpdateWebhookEndpoint',
  'WebhookEndpoint',
  'WebhookEndpointWithSecret',
] as const;

const header = `// Generated from the OpenAPI documents by \`npm run generate\`. Do not edit.
`;
const lineMax = 100;

type Context = { names: ReadonlyMap<string, string>; self: string };

/**
 * @param openapi a document with `components.schemas`, a `Problem` with the error codes among them
 * @throws Error naming the schema that is missing or cannot be expressed
 */
export function generateSdkTypes(openapi: object): string {
  const given = memberOf(memberOf(openapi, 'components'), 'schemas');
  const schemas = { ...given, ErrorCode: errorCodes(given) };
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(schemas)) {
    const form = canonical(schema);
    if (worthNaming(schema) && !names.has(form)) names.set(form, name);
  }
  const parts = Object.entries(schemas).map(([name, schema]) => {
    if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) throw new Error(`schema ${name}: not a type name`);
    const text = typeOf(schema, 0, { names, self: name });
    return `${docOf(schema, 0)}export type ${name} =${spaced(text)};\n`;
  });
  return [header, ...parts].join('\n');
}

/** Names of {@link sdkSchemaNames} that a document lacks. */
export function missingSdkSchemas(openapi: object): string[] {
  const schemas = memberOf(memberOf(openapi, 'components'), 'schemas');
  return sdkSchemaNames.filter((name) => !Object.hasOwn(schemas, name));
}

/** The schema of the error codes: named, or as it stands in `Problem`. */
function errorCodes(schemas: Json): Json {
  const problem = memberOf(schemas, 'Problem');
  const code = schemas.ErrorCode ?? memberOf(memberOf(problem, 'properties'), 'code');
  if (isObject(code) && literals(code).length > 1) return code;
  throw new Error('schema Problem: `code` does not list the error codes');
}

/** Schemas whose equals elsewhere become references. A plain text or number says more itself. */
function worthNaming(schema: unknown): boolean {
  return isObject(schema) && (schema.type === 'object' || literals(schema).length > 1);
}

function literals(schema: Json): unknown[] {
  if (Array.isArray(schema.enum)) return schema.enum;
  if ('const' in schema) return [schema.const];
  return alternatives(schema)?.flatMap((part) => (isObject(part) ? literals(part) : [])) ?? [];
}

function typeOf(schema: unknown, depth: number, context: Context): string {
  if (schema === true) return 'unknown';
  if (schema === false) return 'never';
  if (!isObject(schema)) throw new Error(`schema ${context.self}: not a schema`);
  const name = depth === 0 ? undefined : context.names.get(canonical(schema));
  if (name !== undefined && name !== context.self) return name;
  if (typeof schema.$ref === 'string') return referenceOf(schema.$ref, context);
  if ('const' in schema) return quote(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map(quote), depth);
  const options = alternatives(schema);
  if (options !== undefined) {
    return union(
      options.map((part) => typeOf(part, depth + 1, context)),
      depth,
    );
  }
  if (Array.isArray(schema.allOf)) {
    const parts = schema.allOf.map((part) => wrapped(typeOf(part, depth + 1, context)));
    return parts.join(' & ');
  }
  if (Array.isArray(schema.type)) {
    const types = schema.type.map((type) => plainType({ ...schema, type }, depth, context));
    return union(types, depth);
  }
  return plainType(schema, depth, context);
}

function plainType(schema: Json, depth: number, context: Context): string {
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `${wrapped(typeOf(schema.items ?? true, depth, context))}[]`;
    case 'object':
      return objectType(schema, depth, context);
    case undefined:
      return 'properties' in schema ? objectType(schema, depth, context) : 'unknown';
    default:
      throw new Error(`schema ${context.self}: unknown type ${String(schema.type)}`);
  }
}

function objectType(schema: Json, depth: number, context: Context): string {
  const properties = Object.entries(memberOf(schema, 'properties', {}));
  if (properties.length === 0) return recordType(schema, depth, context);
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const indent = '  '.repeat(depth + 1);
  const lines = properties.map(([name, property]) => {
    const optional = !required.includes(name);
    const inner = typeOf(property, depth + 1, context);
    const text = optional ? `${inner}${separator(inner)}| undefined` : inner;
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
    return `${docOf(property, depth + 1)}${indent}${key}${optional ? '?' : ''}:${spaced(text)};\n`;
  });
  return `{\n${lines.join('')}${'  '.repeat(depth)}}`;
}

function recordType(schema: Json, depth: number, context: Context): string {
  const patterns = Object.values(memberOf(schema, 'patternProperties', {}));
  const extra = schema.additionalProperties;
  if (patterns.length === 0 && extra === false) return 'Record<string, never>';
  const values = isObject(extra) ? [...patterns, extra] : patterns;
  if (values.length === 0) return 'Record<string, unknown>';
  const types = values.map((value) => typeOf(value, depth + 1, context));
  return `Record<string, ${union(types, depth)}>`;
}

function alternatives(schema: Json): unknown[] | undefined {
  if (Array.isArray(schema.anyOf)) return schema.anyOf;
  return Array.isArray(schema.oneOf) ? schema.oneOf : undefined;
}

function referenceOf(ref: string, context: Context): string {
  const name = /^#\/components\/schemas\/([A-Za-z0-9]+)$/.exec(ref)?.[1];
  if (name === undefined) throw new Error(`schema ${context.self}: cannot follow ${ref}`);
  return name;
}

function union(parts: readonly string[], depth: number): string {
  const unique = [...new Set(parts)];
  const line = unique.join(' | ');
  if (unique.length < 2 || line.length + depth * 2 + 30 <= lineMax) return line;
  const indent = '  '.repeat(depth + 1);
  return unique.map((part) => `\n${indent}| ${part}`).join('');
}

/** A union that was broken over lines starts on the next line, anything else on this one. */
function spaced(text: string): string {
  return text.startsWith('\n') ? text : ` ${text}`;
}

/** What stands before a further `|`: a new line in a union that was broken over lines. */
function separator(text: string): string {
  return /^\n *(?=\|)/.exec(text)?.[0] ?? ' ';
}

/** In brackets where `[]` or `&` would otherwise bind to the last part of a union only. */
function wrapped(text: string): string {
  if (!/^[^{<]*[|&]/.test(text)) return text;
  return text.startsWith('\n') ? `(${text}${separator(text).slice(0, -2)})` : `(${text})`;
}

function docOf(schema: unknown, depth: number): string {
  const text = isObject(schema) ? schema.description : undefined;
  if (typeof text !== 'string') return '';
  const indent = '  '.repeat(depth);
  const lines = wrapText(text.replaceAll('*/', '* /'), lineMax - indent.length - 7);
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

function wrapText(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function quote(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Equal for equal schemas, whatever the order of their members; descriptions do not count. */
function canonical(schema: unknown): string {
  return JSON.stringify(schema, (key, value: unknown) => {
    if (key === 'description' && typeof value === 'string') return undefined;
    return isObject(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value;
  });
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(value: unknown, name: string, fallback?: Json): Json {
  const member = isObject(value) ? value[name] : undefined;
  if (isObject(member)) return member;
  if (member === undefined && fallback !== undefined) return fallback;
  throw new Error(`the document has no ${name}`);
}
