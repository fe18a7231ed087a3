import type { Route } from '../core/http/route.ts';
import type { KeyDependencies } from './change-key.ts';
import { memberRoutes } from './member-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { policyRoutes } from './policy/routes.ts';
import { rotationRoutes } from './rotation-routes.ts';
import { type VaultDependencies, vaultRoutes } from './vault-routes.ts';

type Dependencies = KeyDependencies & VaultDependencies;

/** Routes of API keys: of people, of operators, and those the vault asks. */
export function keyRoutes(deps: Dependencies): Route[] {
  return [
    ...memberRoutes(deps),
    ...rotationRoutes(deps),
    ...policyRoutes(deps),
    ...operatorRoutes(deps),
    ...vaultRoutes(deps),
  ];
}
