import type { FastifyRequest } from 'fastify';
import type { Actor, Scope } from '../context.ts';
import type { RateVerdict } from '../rate-limit.ts';
import type { Route } from './route.ts';

/** Who a request comes from, as established before its body is read. */
export type Identity = {
  actor: Actor;
  scope: Scope | undefined;
  apiVersion: string | undefined;
  rate: { verdict: RateVerdict; perSecond: number } | undefined;
  /**
   * Where the request proves its body, too: throws an ApiError unless these are the bytes. Empty
   * when there is no body.
   */
  acceptBody?: (bytes: Buffer) => void;
};

/**
 * Establishes who asks, or throws an ApiError. One per surface; handed in by the composition
 * root, because `core` knows no feature.
 */
export type Authenticate = (
  request: FastifyRequest,
  route: Pick<
    Route,
    'method' | 'permission' | 'stepUp' | 'throttled' | 'anyNetwork' | 'fromPrograms'
  >,
) => Identity | Promise<Identity>;
