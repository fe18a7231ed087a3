import { schemas } from 'payos-contract';
import { accountRoute, type Route } from '../core/http/route.ts';
import type { AccessDependencies } from './dependencies.ts';
import { describeOwnSession } from './describe-session.ts';
import { passkeySignInOptions, signInWithPasskey } from './sign-in-with-passkey.ts';
import { signInWithPassword } from './sign-in-with-password.ts';
import { signInWithRecoveryCode } from './sign-in-with-recovery-code.ts';
import { signInWithTotp } from './sign-in-with-totp.ts';
import { signOut } from './sign-out.ts';

const tag = 'Signing in';
const session = { status: 200, schema: schemas.Session };
const steps = ['sign_in_failed', 'wrong_origin'] as const;
const secondSteps = [...steps, 'step_not_due', 'csrf_mismatch'] as const;

/** The steps from nobody to a finished sign-in, and back. */
export function signInRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'GET',
      path: '/v1/session',
      permission: 'anyone',
      summary: 'See where the sign-in stands',
      tag,
      response: session,
      handle: (ctx) => describeOwnSession(ctx, deps),
    }),
    accountRoute({
      method: 'DELETE',
      path: '/v1/session',
      permission: 'sign_in',
      summary: 'Sign out',
      tag,
      anyNetwork: true,
      response: session,
      errors: ['csrf_mismatch'],
      handle: (ctx) => signOut(ctx, deps.canMail),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/sign_in/password',
      permission: 'anyone',
      summary: 'Begin to sign in',
      tag,
      throttled: true,
      body: schemas.PasswordSignIn,
      response: session,
      errors: steps,
      handle: (ctx, { body }) => signInWithPassword(ctx, deps, body),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/sign_in/totp',
      permission: 'sign_in',
      summary: 'Finish with a code of the authenticator app',
      tag,
      throttled: true,
      body: schemas.TotpSignIn,
      response: session,
      errors: secondSteps,
      handle: (ctx, { body }) => signInWithTotp(ctx, deps, body.code),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/sign_in/recovery_code',
      permission: 'sign_in',
      summary: 'Finish with a recovery code',
      tag,
      throttled: true,
      body: schemas.RecoveryCodeSignIn,
      response: session,
      errors: secondSteps,
      handle: (ctx, { body }) => signInWithRecoveryCode(ctx, deps, body.code),
    }),
    ...passkeyRoutes(deps),
  ];
}

function passkeyRoutes(deps: AccessDependencies): Route[] {
  return [
    accountRoute({
      method: 'POST',
      path: '/v1/sign_in/passkey_options',
      permission: 'anyone',
      summary: 'Begin to use a passkey',
      tag,
      throttled: true,
      response: { status: 200, schema: schemas.PasskeyOptions },
      errors: ['wrong_origin'],
      handle: (ctx) => passkeySignInOptions(ctx, deps),
    }),
    accountRoute({
      method: 'POST',
      path: '/v1/sign_in/passkey',
      permission: 'anyone',
      summary: 'Sign in with a passkey, or finish with one',
      tag,
      throttled: true,
      body: schemas.PasskeySignIn,
      response: session,
      errors: steps,
      handle: (ctx, { body }) => signInWithPasskey(ctx, deps, body.credential),
    }),
  ];
}
