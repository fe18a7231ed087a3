import { schemas } from 'payos-contract';
import { requirePermission } from '../core/context.ts';
import { globalRoute, type Route } from '../core/http/route.ts';
import type { KeyDependencies } from './change-key.ts';
import { memberRoutes } from './member-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { policyRoutes } from './policy/routes.ts';
import { rotationRoutes } from './rotation-routes.ts';
import type { KeyVerifier } from './verify-key.ts';

type Dependencies = KeyDependencies & { verifier: KeyVerifier; keyRate: number };

/** Routes of API keys: of people, of operators, and the one the vault asks. */
export function keyRoutes(deps: Dependencies): Route[] {
  return [
    ...memberRoutes(deps),
    ...rotationRoutes(deps),
    ...policyRoutes(deps),
    ...operatorRoutes(deps),
    checkKeyRoute(deps),
  ];
}

function checkKeyRoute({ verifier, keyRate }: Dependencies): Route {
  return globalRoute('internal', {
    method: 'POST',
    path: '/internal/check-key',
    permission: 'system',
    summary: 'Whether a key presented to the vault may create tokens',
    tag: 'Internal',
    body: schemas.CheckKey,
    response: { status: 200, schema: schemas.CheckedKey },
    handle: async (_ctx, { body }) => {
      const key = await verifier.verify(body.key);
      const { permissions, id, organization, mode, kind } = key;
      requirePermission({ type: 'api_key', id, permissions }, body.permission);
      return { organization, mode, key: id, kind, rate_limit: key.rateLimit ?? keyRate };
    },
  });
}
