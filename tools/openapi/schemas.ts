import { errorTable, type Problem, schemas } from 'payos-contract';
import * as internal from '../../contract/src/schemas/internal.ts';

export type Json = Record<string, unknown>;

/** Names of the contract that are not of the wire between a merchant and PayOS. */
const hidden = new Set(Object.keys(internal));

const text = (description: string) => ({ type: 'string', description });

const fieldError = {
  type: 'object',
  required: ['pointer', 'code', 'message', 'fix'],
  description: 'One refused place of a request',
  properties: {
    pointer: text('Where it is, as a JSON pointer (RFC 6901), e.g. `/card/exp_year`'),
    code: text('What is wrong with it, for programs'),
    message: text('What is wrong with it, for people'),
    fix: text('What to do about it'),
  },
};

const problemProperties: Record<keyof Problem, Json> = {
  type: text('Path of the code in this documentation, e.g. `/docs/errors#card_declined`'),
  title: text('What happened, the same for every answer with this code'),
  status: { type: 'integer', description: 'The HTTP status once more' },
  code: { enum: Object.keys(errorTable), description: 'What to switch on in a program' },
  detail: text('What happened this time'),
  request_id: text('Names this request in the logs; tell it to support'),
  retryable: { type: 'boolean', description: 'Whether the same request may succeed later' },
  fix: text('What to do about it'),
  param: text('The parameter that is at fault'),
  decline_code: text('Why the issuer declined'),
  payment: text('Id of the payment that the request made'),
  forward: text('Id of the forward that the request made'),
  methods: {
    type: 'array',
    items: { type: 'string' },
    description: 'Of `step_up_required`: what can be given',
  },
  errors: {
    type: 'array',
    items: fieldError,
    description: 'Every refused place, where there are several',
  },
};

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'request_id', 'retryable', 'fix'],
  description: 'Every error answer: RFC 9457 with members of our own',
  properties: problemProperties,
};

/** Every named schema: the objects that the contract exports, and the form of errors. */
export function namedSchemas(): Record<string, Json> {
  const exported = Object.entries(schemas as Json).filter(
    (entry): entry is [string, Json] => isObjectSchema(entry[1]) && !hidden.has(entry[0]),
  );
  const plain = JSON.parse(JSON.stringify(Object.fromEntries(exported))) as Record<string, Json>;
  return { ...plain, FieldError: fieldError, Problem: problemSchema };
}

function isObjectSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'type') === 'object';
}

/** Replaces whatever equals a named schema by a reference to it, down to every depth. */
export function withReferences(schema: unknown, named: Record<string, Json>, self = ''): unknown {
  const names = namesByForm(named);
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const name = isObjectSchema(value) ? names.get(canonical(value)) : undefined;
    if (name !== undefined && name !== self) return { $ref: `#/components/schemas/${name}` };
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)]));
  };
  return visit(JSON.parse(JSON.stringify(schema)));
}

const known = new WeakMap<object, Map<string, string>>();

/** The names of schemas by their canonical text, worked out once for each set of them. */
export function namesByForm(named: Record<string, Json>): Map<string, string> {
  const earlier = known.get(named);
  if (earlier !== undefined) return earlier;
  const names = new Map<string, string>();
  for (const [name, one] of Object.entries(named)) {
    const form = canonical(one);
    if (!names.has(form)) names.set(form, name);
  }
  known.set(named, names);
  return names;
}

/** Text of a JSON value that does not depend on the order of its members. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
