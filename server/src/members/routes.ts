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
  /** Waits, but not long, until every process has heard that keys of both modes changed. */
  awaitKeys: (organization: string, keys: readonly string[]) => Promise<void>;
};

/** Members, invitations, roles, lost factors, the rules for signing in, and the first start. */
export function peopleRoutes(deps: PeopleDependencies): Route[] {
  return [
    ...setupRoutes(deps),
    ...memberRoutes(deps.awaitKeys),
    ...invitationRoutes(deps),
    ...roleRoutes(),
    ...factorResetRoutes(deps),
    ...policyRoutes(),
  ];
}
