import { defaultPolicy, type FoundSession, type Policy } from './find-session.ts';

/**
 * Whether a session has given a factor that its organization allows. A recovery code stands for
 * whichever was lost, so it counts only where every kind is allowed.
 */
export function hasAllowedFactor(
  { allowedFactors }: Pick<Policy, 'allowedFactors'>,
  proofs: FoundSession['proofs'],
): boolean {
  const all = defaultPolicy.allowed_factors.every((factor) => allowedFactors.includes(factor));
  const allowed = [...allowedFactors, ...(all ? ['recovery_code'] : [])];
  return proofs.some((proof) => allowed.includes(proof));
}
