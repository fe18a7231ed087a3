import { createHash, type KeyObject, verify } from 'node:crypto';
import type { schemas } from 'payos-contract';
import type { Context } from '../../core/context.ts';
import { ApiError } from '../../core/errors.ts';
import type { Received } from '../../core/http/route.ts';
import type { Sealer } from '../../core/seal.ts';
import { exposeKey } from './expose-key.ts';
import { identifyKeys } from './identify-keys.ts';
import type { ScannerKeys } from './scanner-keys.ts';

export type AlertDependencies = {
  pepper: KeyObject;
  sealer: Sealer;
  /** Undefined: nobody is listened to. */
  scannerKeys: ScannerKeys | undefined;
};

/**
 * Takes a batch of GitHub's secret scanning: each key that is ours is ended by the rules of its
 * organization. The answer labels each: GitHub tells its own users by that. One entry that cannot
 * be worked on does not keep the others from it.
 *
 * @throws ApiError `not_found` where no scanner is listened to; `invalid_signature`
 */
export async function takeAlerts(
  ctx: Context,
  { pepper, sealer, scannerKeys }: AlertDependencies,
  alerts: schemas.SecretScanningAlerts,
  received: Received,
): Promise<schemas.SecretScanningLabels> {
  if (scannerKeys === undefined) {
    const detail = 'This installation listens to no secret scanner.';
    throw new ApiError('route_not_found', { detail });
  }
  await requireSignature(scannerKeys, received);
  const own: Context = { ...ctx, actor: { type: 'system', id: 'secret_scanning' } };
  const matches = alerts.flatMap(readMatch);
  const texts = matches.map(({ token }) => token);
  const found = await identifyKeys(ctx.db, pepper, texts);
  const labels: schemas.SecretScanningLabels = [];
  let failed = false;
  for (const { token, type, where } of matches) {
    const key = found.get(token);
    if (key !== undefined) {
      await exposeKey(own, sealer, key, { how: 'leak_report', where }).catch((error: unknown) => {
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
  // A URL that holds the key itself is not written down.
  const isUrl = typeof url === 'string' && url !== '' && !url.includes(token);
  return [{ token, type: typeof type === 'string' ? type : '', where: isUrl ? url : undefined }];
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** ECDSA on P-256 with SHA-256 over the bytes of the body, DER, base64. */
async function requireSignature(keys: ScannerKeys, { headers, body }: Received): Promise<void> {
  const identifier = headers['github-public-key-identifier'];
  const signature = headers['github-public-key-signature'];
  const key = typeof identifier === 'string' ? await keys.find(identifier) : undefined;
  const isRight =
    key !== undefined &&
    typeof signature === 'string' &&
    signature.length <= 200 &&
    verify('sha256', body, key, Buffer.from(signature, 'base64'));
  if (isRight) return;
  throw new ApiError('invalid_signature', {
    detail: 'The body is not signed by a key of the secret scanner that is listened to.',
  });
}
