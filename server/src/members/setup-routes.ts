import { schemas } from 'payos-contract';
import type { AccessDependencies } from '../access/index.ts';
import { accountRoute, globalRoute, type Route } from '../core/http/route.ts';
import { lookUpSetup, setUp } from './set-up.ts';
import { createSetupLink } from './setup-link.ts';

const tag = 'Set-up';

/** Routes of the first start: the link, and what it opens. */
export function setupRoutes(deps: AccessDependencies & { publicUrl: string }): Route[] {
  return [
    globalRoute('operator', {
      method: 'POST',
      path: '/operator/setup_links',
      permission: 'operator:people',
      summary: 'Make a set-up link, while there is no owner',
      tag,
      body: schemas.CreateSetupLink,
      response: { status: 200, schema: schemas.SetupLink },
      handle: (ctx, { body }) => createSetupLink(ctx, deps.publicUrl, body.organization),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/setup/lookup',
      permission: 'anyone',
      summary: 'See what a set-up link is for',
      tag,
      body: schemas.LinkOnly,
      response: { status: 200, schema: schemas.SetupPreview },
      errors: ['link_invalid'],
      throttled: true,
      handle: (ctx, { body }) => lookUpSetup(ctx, body.token),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/setup',
      permission: 'anyone',
      summary: 'Set the organization up as its first owner',
      tag,
      body: schemas.SetUp,
      response: { status: 200, schema: schemas.Session },
      errors: ['link_invalid', 'password_refused', 'email_taken'],
      throttled: true,
      handle: (ctx, { body }) => setUp(ctx, deps, body),
    }),
  ];
}
