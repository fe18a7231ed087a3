import type { Metrics } from '../core/metrics.ts';
import type { Sealer } from '../core/seal.ts';
import { Passwords } from './password.ts';
import { loadPasswordRules, type RequireGoodPassword } from './password-rules.ts';
import { type RelyingParty, relyingPartyAt } from './relying-party.ts';

/** What the verbs of signing in work with. */
export type AccessDependencies = {
  sealer: Sealer;
  metrics: Metrics;
  passwords: Passwords;
  requireGoodPassword: RequireGoodPassword;
  party: RelyingParty;
  /** Where browsers find the dashboard: what links begin with. */
  publicUrl: string;
  /** Whether this installation can send mail. */
  canMail: boolean;
};

type Options = {
  sealer: Sealer;
  metrics: Metrics;
  /** Where browsers find PayOS: what passkeys are bound to. */
  publicUrl: string;
  breachedPasswordsFile: string | undefined;
  canMail: boolean;
};

/** Makes what the verbs of signing in work with. @throws Error when a setting is of no use */
export async function openAccess(options: Options): Promise<AccessDependencies> {
  const { sealer, metrics, publicUrl, canMail } = options;
  return {
    sealer,
    metrics,
    passwords: new Passwords(metrics),
    requireGoodPassword: await loadPasswordRules(options.breachedPasswordsFile),
    party: relyingPartyAt(publicUrl),
    publicUrl,
    canMail,
  };
}
