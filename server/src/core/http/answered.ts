import type { FastifyRequest } from 'fastify';
import type { AnyPermission } from '../context.ts';
import type { Identity } from './identity.ts';

/** A request that was answered, for whoever keeps a record. Holds no text of a caller's own. */
export type Answered = {
  id: string;
  identity: Identity | null;
  method: string;
  /** The route's template; undefined for a path that is none. */
  route: string | undefined;
  permission: AnyPermission | undefined;
  status: number;
  code: string | undefined;
  address: string;
  durationMs: number;
  /** What stood for `:id`, if it has the form of an id. */
  asked: string | undefined;
  /** Id of the object in the answer, and of the one it belongs to. */
  made: string | undefined;
  belongsTo: string | undefined;
};

/** Twelve digits in a row stand in no random id, but may stand in a card number. */
const idShape = /^(?!.*\d{12})[a-z]{2,4}_[1-9A-HJ-NP-Za-km-z]{22}$/;

const idOf = (holder: unknown, name: string): string | undefined => {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'string' && idShape.test(value) ? value : undefined;
};

/** Ids in an answer, or in the error that was answered in its place. */
export function idsOf(answer: unknown): Pick<Answered, 'made' | 'belongsTo'> {
  return { made: idOf(answer, 'id'), belongsTo: idOf(answer, 'payment') };
}

/** The id that the path names. */
export function askedFor(request: FastifyRequest): string | undefined {
  return idOf(request.params, 'id');
}
