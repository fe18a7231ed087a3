import { type Html, html, inline, join } from './html.ts';
import { type OpenApi, resolve, type Schema } from './openapi.ts';

type Field = { name: string; schema: Schema; required: boolean | undefined };

/** The members of an object, those of nested objects under dotted names. */
export function fieldsOf(document: OpenApi, schema: Schema, withRequired: boolean): Html {
  const fields = flatten(document, schema, '', withRequired);
  return fieldList(fields.map((field) => ({ ...field, text: field.schema.description })));
}

/** A list of named things with their types. */
export function fieldList(fields: readonly (Field & { text?: string | undefined })[]): Html {
  const items = fields.map(
    ({ name, schema, required, text }) => html`<li>
<p class="field"><code class="name">${name}</code>
<span class="type">${typeOf(schema)}</span>
${required === undefined ? undefined : requirement(required)}</p>
${text ? html`<p>${inline(text)}</p>` : undefined}
</li>`,
  );
  return html`<ul class="fields">${join(items)}</ul>`;
}

const requirement = (required: boolean) =>
  required ? html`<span class="required">required</span>` : html`<span>optional</span>`;

function flatten(
  document: OpenApi,
  schema: Schema,
  prefix: string,
  withRequired: boolean,
): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, given]) => {
    const target = resolve(document, given).schema;
    // A named schema without members says more in words than behind a link.
    const part = target.properties === undefined ? target : given;
    const required = withRequired ? (schema.required ?? []).includes(name) : undefined;
    const field = { name: prefix + name, schema: part, required };
    const inner = part.$ref === undefined ? part : undefined;
    if (inner?.properties === undefined) return [field];
    return [field, ...flatten(document, inner, `${prefix}${name}.`, withRequired)];
  });
}

/** What a value may be, in words. */
function typeOf(schema: Schema): Html {
  if (schema.$ref !== undefined) return objectLink(schema.$ref.split('/').at(-1) ?? '');
  if (schema.const !== undefined) return html`always ${code(schema.const)}`;
  if (schema.enum !== undefined) return join(schema.enum.map(code), ' or ');
  const types = [schema.type ?? 'any value'].flat();
  const base = baseType(schema, types);
  return types.includes('null') ? html`${base} or null` : base;
}

const code = (value: unknown) => html`<code>${String(value)}</code>`;

function baseType(schema: Schema, types: readonly string[]): Html {
  if (types.includes('array')) {
    const most = schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`;
    return html`list of ${typeOf(schema.items ?? {})}${most}`;
  }
  if (types.includes('integer')) return html`integer${range(schema)}`;
  if (types.includes('object')) {
    return schema.patternProperties ? html`object of texts` : html`object`;
  }
  if (!types.includes('string'))
    return html`${types.filter((type) => type !== 'null').join(' or ')}`;
  if (schema.format === 'date-time') return html`time`;
  const prefix = /^\^([a-z]+_)\[/.exec(schema.pattern ?? '')?.[1];
  if (prefix !== undefined) return html`id ${code(`${prefix}…`)}`;
  const most = schema.maxLength === undefined ? '' : `, up to ${schema.maxLength} characters`;
  return html`text${most}`;
}

function range({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) {
    return ` from ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
  }
  return '';
}

/** A named object, with a link to where it is described. */
export function objectLink(name: string): Html {
  return html`<a href="#object-${name}">${name}</a>`;
}
