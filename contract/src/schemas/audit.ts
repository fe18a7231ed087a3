import Type from 'typebox';
import { closed, createdQuery, Id, Nullable, Page, Text, Time } from './common.ts';

const auditActorTypes = [
  'api_key',
  'member',
  'account',
  'checkout_session',
  'anonymous',
  'operator',
  'system',
] as const;

export const AuditEntry = Type.Object({
  id: Type.String({ pattern: '^[0-9]{1,19}$' }),
  object: Type.Literal('audit_entry'),
  mode: Nullable(Type.Enum(['test', 'live'])),
  actor: Type.Object({
    type: Type.String(),
    id: Type.String(),
    name: Nullable(Type.String({ description: 'Of the person or the key, as it is called now' })),
  }),
  action: Type.String(),
  object_id: Nullable(Type.String()),
  request_id: Nullable(Type.String()),
  address: Nullable(Type.String()),
  details: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  created_at: Time,
});
export type AuditEntry = Type.Static<typeof AuditEntry>;
const Cursor = Type.String({ pattern: '^[0-9]{1,19}$' });
export const ListAuditLog = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    after: Type.Optional(Cursor),
    before: Type.Optional(Cursor),
    actor: Type.Optional(Text(60, 'Id of a member, an account or a key')),
    actor_type: Type.Optional(Type.Enum([...auditActorTypes])),
    action: Type.Optional(Text(60, 'e.g. `payment.create`; `payment.*` for all of a kind')),
    object_id: Type.Optional(Text(60)),
    request_id: Type.Optional(Id('request')),
    mode: Type.Optional(
      Type.Enum(['test', 'live', 'none'], { description: '`none`: the organization as a whole' }),
    ),
    ...createdQuery,
  },
  closed,
);
export type ListAuditLog = Type.Static<typeof ListAuditLog>;
export const AuditPage = Page(AuditEntry);
