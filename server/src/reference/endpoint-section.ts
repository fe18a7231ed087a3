import { type ErrorCode, errorTable } from 'payos-contract';
import { curlOf } from './curl.ts';
import { fieldList, fieldsOf, objectLink } from './fields.ts';
import { type Html, html, inline, join } from './html.ts';
import { codeBlock, heading } from './layout.ts';
import { type Content, type Endpoint, type OpenApi, resolve } from './openapi.ts';

/** The anchor of an endpoint on its page. */
export const endpointId = ({ operation }: Endpoint) => operation.operationId;

/** The method with the class that colours it. */
export function methodBadge({ method }: Endpoint): Html {
  return html`<span class="method ${method.toLowerCase()}">${method}</span>`;
}

/** Everything about one endpoint: words on one side, an exchange on the other. */
export function endpointSection(document: OpenApi, endpoint: Endpoint): Html {
  const { operation, path, origin } = endpoint;
  return html`<section class="endpoint">
<div class="words">
${heading(3, endpointId(endpoint), operation.summary)}
<p class="address">${methodBadge(endpoint)} <code><span>${origin}</span>${path}</code></p>
<p>${inline(operation.description)}</p>
${parameters(endpoint)}
${requestBody(document, endpoint)}
${answers(document, endpoint)}
</div>
<div class="exchange">
${codeBlock(`Request: ${operation.summary}`, curlOf(endpoint, exampleId(endpoint)))}
${exampleAnswer(endpoint)}
</div>
</section>`;
}

function parameters({ parameters: all }: Endpoint): Html | undefined {
  if (all.length === 0) return undefined;
  const places = { path: 'path', query: 'query', header: 'header' };
  const rows = all.map((one) => ({ ...one, text: `In the ${places[one.in]}. ${one.description}` }));
  return html`<h4>Parameters</h4>${fieldList(rows)}`;
}

function requestBody(document: OpenApi, { operation }: Endpoint): Html | undefined {
  const content = operation.requestBody?.content['application/json'];
  if (content === undefined) return undefined;
  const { schema } = resolve(document, content.schema);
  if (schema.anyOf !== undefined) {
    const bodies = schema.anyOf.map((one) => {
      const { name, schema: body } = resolve(document, one);
      return html`<h4>Body: ${name}</h4>${fieldsOf(document, body, true)}`;
    });
    return html`${join(bodies)}`;
  }
  const hint = schema.description ? html`<p>${inline(`${schema.description}.`)}</p>` : undefined;
  return html`<h4>Body</h4>${hint}${fieldsOf(document, schema, true)}`;
}

function answers(document: OpenApi, { operation }: Endpoint): Html {
  const [status = '', content] = successOf(operation.responses);
  const schemas = content.schema.anyOf ?? [content.schema];
  const named = schemas.flatMap((one) => resolve(document, one).name ?? []).map(objectLink);
  const codes = Object.values(operation.responses).flatMap((one) => one['x-codes'] ?? []);
  const items = codes.map((code) => {
    const { status: number, title } = errorTable[code as ErrorCode];
    const link = html`<a href="/docs/errors#${code}"><code>${code}</code></a>`;
    return html`<li>${number} ${link} ${title}</li>`;
  });
  return html`<h4>Answer</h4>
<p><code>${status}</code> ${named.length === 0 ? 'an object' : join(named, ' or ')}</p>
<details class="errors"><summary>${codes.length} possible errors</summary>
<ul>${join(items)}</ul></details>`;
}

function exampleAnswer({ operation }: Endpoint): Html | undefined {
  const [status, { example }] = successOf(operation.responses);
  if (example === undefined) return undefined;
  return codeBlock(`Answer ${status}: ${operation.summary}`, JSON.stringify(example, null, 2));
}

function successOf(responses: Endpoint['operation']['responses']): [string, Content] {
  const [status, answer] = Object.entries(responses).find(([name]) => name < '300') ?? [];
  const content = answer?.content['application/json'];
  if (status === undefined || content === undefined) throw new Error('an operation without answer');
  return [status, content];
}

/** The id in the example's path, of the kind that the path asks for. */
function exampleId({ parameters: all }: Endpoint): string {
  const pattern = all.find((one) => one.in === 'path')?.schema.pattern ?? '';
  const prefix = /^\^([a-z]+)_\[/.exec(pattern)?.[1] ?? 'id';
  return `${prefix}_3kTMd8vQ2xRz7nYbWcH5pL`;
}
