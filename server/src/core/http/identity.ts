import type { FastifyRequest } from 'fastify';
import type { Actor, AnyPermission, Scope } from '../context.ts';
import type { RateVerdict } from '../rate-limit.ts';

/** Who a request comes from, as established before its body is read. */
export type Identity = {
  actor: Actor;
  scope: Scope | undefined;
  apiVersion: string | undefined;
  rate: { verdict: RateVerdict; perSecond: number } | undefined;
};

/**
 * Establishes who asks, or throws an ApiError. One per surface; handed in by the composition
 * root, because `core` knows no feature.
 */
export type Authenticate = (
  request: FastifyRequest,
  permission: AnyPermission,
) => Identity | Promise<Identity>;
