import type { Actor, Context } from '../core/context.ts';

/** The visitor of a checkout page. Nobody else comes to its routes. */
export function visitorOf({ actor }: Context): Extract<Actor, { type: 'checkout_session' }> {
  if (actor.type === 'checkout_session') return actor;
  throw new Error('a page of checkout was reached by somebody else');
}
