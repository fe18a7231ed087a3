import type { AccessDependencies } from '../access/index.ts';
import type { Route } from '../core/http/route.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { roleRoutes } from './role-routes.ts';
import { factorResetRoutes, policyRoutes } from './security-routes.ts';
import { setupRoutes } from './setup-routes.ts';

export type PeopleDependencies = AccessDependencies & {
  /** Of the dashboard, for links. */
  publicUrl: string;
  /** Drops what this process remembers of keys, after some were revoked. */
  forgetKeys: () => void;
};

/** Members, invitations, roles, lost factors, the rules for signing in, and the first start. */
export function peopleRoutes(deps: PeopleDependencies): Route[] {
  return [
    ...setupRoutes(deps),
    ...memberRoutes(deps.forgetKeys),
    ...invitationRoutes(deps),
    ...roleRoutes(),
    ...factorResetRoutes(deps),
    ...policyRoutes(),
  ];
}
