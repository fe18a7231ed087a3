import type { Context } from '../../core/context.ts';
import type { Sealer } from '../../core/seal.ts';
import { remindOfEnds } from './remind-of-ends.ts';
import { tellExpired } from './tell-expired.ts';
import { tellOverdue } from './tell-overdue.ts';

/**
 * Tells of keys that come to their end: 14, 7 and 1 days before, when they are older than the rules
 * allow, and when they have ended. By the worker; each is told once, however many workers run.
 */
export async function tellOfEnds(ctx: Context, sealer: Sealer): Promise<void> {
  await remindOfEnds(ctx, sealer);
  await tellOverdue(ctx, sealer);
  await tellExpired(ctx);
}
