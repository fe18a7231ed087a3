import { createSecretKey } from 'node:crypto';
import type { Route } from '../../server/src/core/http/route.ts';
import { allRoutes } from '../../server/src/routes.ts';

/** The route registry to look at: its handlers have nothing to work with and are never called. */
export function registry(): Route[] {
  const nothing = new Proxy({}, { get: () => undefined });
  return allRoutes({
    publicUrl: 'https://localhost:8443',
    db: {} as never,
    access: {} as never,
    assessment: {} as never,
    payments: nothing as never,
    pepper: createSecretKey(Buffer.alloc(32)),
    verifier: nothing as never,
    propagating: nothing as never,
    vaultChannel: nothing as never,
    uses: nothing as never,
    exposed: {} as never,
    onExposed: {} as never,
    onCardData: {} as never,
    keyRate: 1,
    passageOf: nothing as never,
    sealer: nothing as never,
    egressAllow: [],
    forwardHourly: 1,
  });
}
