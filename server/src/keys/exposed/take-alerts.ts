import { createHash, type KeyObject } from 'node:crypto';
import { type schemas, secretKeysIn } from 'payos-contract';
import { holdsCardNumber } from '../../core/card-guard.ts';
import type { Context } from '../../core/context.ts';
import { ApiError } from '../../core/errors.ts';
import { type ExposureDependencies, exposeKey } from './expose-key.ts';
import { identifyKeys } from './identify-keys.ts';

export type AlertDependencies = ExposureDependencies & { pepper: KeyObject };

/**
 * Takes a batch of GitHub's secret scanning: each key that is ours is ended by the rules of its
 * organization. The answer labels each: GitHub tells its own users by that. One entry that cannot
 * be worked on does not keep the others from it.
 *
 * @throws ApiError `unavailable` when one of them could not be ended
 */
export async function takeAlerts(
  ctx: Context,
  deps: AlertDependencies,
  alerts: schemas.SecretScanningAlerts,
): Promise<schemas.SecretScanningLabels> {
  const own: Context = { ...ctx, actor: { type: 'system', id: 'secret_scanning' } };
  // The same key may have been found in many places: it is looked after once.
  const matches = [...new Map(alerts.flatMap(readMatch).map((one) => [one.token, one])).values()];
  const texts = matches.map(({ token }) => token);
  const found = await identifyKeys(ctx.db, deps.pepper, texts);
  const labels: schemas.SecretScanningLabels = [];
  let failed = false;
  for (const { token, type, where } of matches) {
    const key = found.get(token);
    if (key !== undefined) {
      await exposeKey(own, deps, key, { how: 'leak_report', where }).catch((error: unknown) => {
        failed = true;
        ctx.log.error({ err: error, key: key.id }, 'a leaked key could not be looked after');
      });
    }
    const label = key === undefined ? 'false_positive' : 'true_positive';
    labels.push({ token_hash: sha256(token), token_type: type, label });
  }
  // Sent again, the report finds those that are left.
  if (failed) throw new ApiError('unavailable');
  return labels;
}

type Match = { token: string; type: string; where: string | undefined };

/** An entry of another form is left out. */
function readMatch(alert: unknown): Match[] {
  if (typeof alert !== 'object' || alert === null) return [];
  const { token, type, url } = alert as Record<string, unknown>;
  if (typeof token !== 'string') return [];
  // Whoever made the place chose its name: neither keys nor card numbers are written down.
  const isFine = typeof url === 'string' && secretKeysIn(url).length === 0 && !holdsCardNumber(url);
  return [{ token, type: typeof type === 'string' ? type : '', where: isFine ? url : undefined }];
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
