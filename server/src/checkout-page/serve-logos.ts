import type { FastifyInstance } from 'fastify';
import type { Database } from '../core/db.ts';
import { networkOf } from '../core/network.ts';
import { RateLimiter, requireTurn } from '../core/rate-limit.ts';
import { findLogo } from '../organizations/index.ts';

/** Logos that one network may ask for, per second: one page shows one. */
const logoRate = 20;
const place = { organization: /^org_[1-9A-HJ-NP-Za-km-z]{22}$/, hash: /^[0-9a-f]{64}$/ };

/**
 * The pictures of merchants: what somebody uploaded, so that a browser must take it for a picture
 * and nothing else. The name follows from the content, and never means another.
 */
export function serveLogos(app: FastifyInstance, db: Database): void {
  const limiter = new RateLimiter();
  app.get<{ Params: { organization: string; hash: string } }>(
    '/checkout/logos/:organization/:hash',
    async (request, reply) => {
      const { organization, hash } = request.params;
      if (!place.organization.test(organization) || !place.hash.test(hash)) {
        return reply.callNotFound();
      }
      requireTurn(limiter.take(networkOf(request.ip), logoRate), 'Too many pictures.');
      const found = await findLogo(db, organization, hash);
      if (found === undefined) return reply.callNotFound();
      return reply
        .headers({
          'cache-control': 'public, max-age=86400, immutable',
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
          'content-disposition': 'inline; filename="logo"',
          'cross-origin-resource-policy': 'same-origin',
        })
        .type(found.logo_type)
        .send(found.logo);
    },
  );
}
