import { schemas } from 'payos-contract';
import { globalRoute, type Route } from '../core/http/route.ts';
import { accountRoutes } from './account-routes.ts';
import { createPasswordLink } from './create-password-link.ts';
import type { AccessDependencies } from './dependencies.ts';
import { factorRoutes } from './factor-routes.ts';
import { resetFactors } from './reset-factors.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { unlockByOperator } from './unlock-by-operator.ts';

/** Signing in, and what a person does with their own account. */
export function accessRoutes(deps: AccessDependencies): Route[] {
  return [
    ...signInRoutes(deps),
    ...accountRoutes(deps),
    ...factorRoutes(deps),
    globalRoute('operator', {
      method: 'POST',
      path: '/operator/accounts/reset_factors',
      permission: 'operator:people',
      summary: 'Let a person who lost every factor enrol new ones',
      tag: 'People',
      body: schemas.OperatorResetFactors,
      response: { status: 200, schema: schemas.FactorsReset },
      errors: ['not_found'],
      handle: (ctx, { body }) => resetFactors(ctx, deps.sealer, body.email),
    }),
    globalRoute('operator', {
      method: 'POST',
      path: '/operator/accounts/unlock',
      permission: 'operator:people',
      summary: 'Unlock an account before its time',
      tag: 'People',
      body: schemas.OperatorUnlock,
      response: { status: 200, schema: schemas.AccountUnlocked },
      errors: ['not_found'],
      handle: (ctx, { body }) => unlockByOperator(ctx, body.email),
    }),
    globalRoute('operator', {
      method: 'POST',
      path: '/operator/accounts/password_links',
      permission: 'operator:people',
      summary: 'Make a link with which a person chooses a new password',
      tag: 'People',
      body: schemas.OperatorPasswordLink,
      response: { status: 201, schema: schemas.PasswordLink },
      errors: ['not_found'],
      handle: (ctx, { body }) => createPasswordLink(ctx, deps.publicUrl, body.email),
    }),
  ];
}
