import type { FastifyInstance, FastifyRequest } from 'fastify';
import { removeCardNumbers } from 'payos-contract';
import { findCardNumber } from '../card-guard.ts';
import type { AppOptions } from './app.ts';

/**
 * Takes out of every answer of a route what is most likely a card number, and raises an alarm: none
 * should ever be here. In its place stands 0, which is JSON wherever a number was.
 */
export function scanAnswers(app: FastifyInstance, { log, metrics, onCardData }: AppOptions): void {
  app.addHook<string>('onSend', (request, reply, payload, done) => {
    const { permission } = request.routeOptions.config;
    if (permission === undefined || typeof payload !== 'string') return done(null, payload);
    const { text, found } = removeCardNumbers(payload, '0');
    if (found > 0) {
      metrics.cardDataFound.inc({ stream: 'answer' }, found);
      const organization = request.identity?.scope?.organization;
      const route = request.routeOptions.url;
      const fields = {
        stream: 'answer',
        count: found,
        request_id: request.id,
        route,
        organization,
      };
      log.error(fields, 'card data was found and removed');
      onCardData?.({
        stream: 'answer',
        place: `${request.method} ${route}`,
        count: found,
        requestId: request.id,
        scope: request.identity?.scope,
        isIncident: reply.statusCode < 400 && isIncident(request, payload),
      });
    }
    done(null, text);
  });
}

/** What of these is made of went past the guard, field by field. */
const guarded =
  /^\/v1\/(payments|refunds|customers|payment_methods|checkout_sessions|tokens|reveals)(\/|$)/;

/**
 * Whether a number can only have come there past the guard: it would refuse this very text if it
 * were sent in, and the object holds nothing that comes in another way, such as the answers of
 * partners. Pages and visitors close nothing.
 */
function isIncident({ identity, routeOptions }: FastifyRequest, payload: string): boolean {
  const isOwn = identity?.actor.type === 'api_key' || identity?.actor.type === 'member';
  if (!isOwn || !guarded.test(routeOptions.url ?? '')) return false;
  try {
    return findCardNumber(JSON.parse(payload)) !== undefined;
  } catch {
    return false;
  }
}
