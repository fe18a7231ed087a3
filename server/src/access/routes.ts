import type { Route } from '../core/http/route.ts';
import type { AccessDependencies } from './dependencies.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** Signing in, and what a person does with their own account. */
export function accessRoutes(deps: AccessDependencies): Route[] {
  return [...signInRoutes(deps)];
}
