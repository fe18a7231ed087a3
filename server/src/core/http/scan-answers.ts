import type { FastifyInstance } from 'fastify';
import { removeCardNumbers } from 'payos-contract';
import type { AppOptions } from './app.ts';

/**
 * Takes out of every answer of a route what is most likely a card number, and raises an alarm: none
 * should ever be here. In its place stands 0, which is JSON wherever a number was.
 */
export function scanAnswers(app: FastifyInstance, { log, metrics }: AppOptions): void {
  app.addHook<string>('onSend', (request, _reply, payload, done) => {
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
    }
    done(null, text);
  });
}
