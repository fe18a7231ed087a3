import { createSecretKey } from 'node:crypto';
import type { Route } from '../src/core/http/route.ts';
import { Sealer } from '../src/core/seal.ts';
import { allRoutes } from '../src/routes.ts';

/** The route registry with nothing behind it: for tests that are generated from it. */
export function inertRoutes(): Route[] {
  const zero = Buffer.alloc(32);
  return allRoutes({
    publicUrl: 'https://localhost:8443',
    db: {} as never,
    access: {} as never,
    assessment: {} as never,
    payments: {} as never,
    pepper: createSecretKey(zero),
    verifier: {} as never,
    propagating: {} as never,
    vaultChannel: {} as never,
    uses: {} as never,
    exposed: {} as never,
    onExposed: {} as never,
    onCardData: {} as never,
    keyRate: 1,
    passageOf: {} as never,
    sealer: new Sealer(zero.toString('base64')),
    egressAllow: [],
    forwardHourly: 1,
  });
}
