import Type from 'typebox';
import { AuditEntry } from './audit.ts';
import { closed, createdQuery, Id, listQuery, Mode, Nullable, Page, Text, Time } from './common.ts';

/** A request to the API as it is kept for 30 days. Bodies are not. */
export const ApiRequest = Type.Object({
  id: Id('request'),
  object: Type.Literal('request'),
  mode: Mode,
  method: Type.String(),
  path: Type.String({ description: 'Without the query; `:id` where no such object was found' }),
  status: Type.Integer(),
  code: Nullable(Type.String({ description: 'Error code of the answer' })),
  actor: AuditEntry.properties.actor,
  address: Nullable(Type.String()),
  duration_ms: Type.Integer(),
  object_id: Nullable(Type.String({ description: 'What was asked about, or made' })),
  related_id: Nullable(Type.String({ description: 'e.g. the payment of a refund' })),
  created_at: Time,
});
export type ApiRequest = Type.Static<typeof ApiRequest>;

export const ListRequests = Type.Object(
  {
    ...listQuery('request'),
    object: Type.Optional(Text(64, 'Id of an object: what was asked about it')),
    request_id: Type.Optional(Id('request')),
    status: Type.Optional(Type.Enum(['2xx', '4xx', '5xx'])),
    method: Type.Optional(Type.Enum(['GET', 'POST', 'PATCH', 'DELETE'])),
    ...createdQuery,
  },
  closed,
);
export type ListRequests = Type.Static<typeof ListRequests>;
export const RequestPage = Page(ApiRequest);
