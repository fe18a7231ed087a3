import type { KeyObject } from 'node:crypto';
import {
  apiKeyPublicIdLength,
  apiKeySecretLength,
  apiVersionLatest,
  base62FromBytes,
  defaultKeyPermissions,
  formatApiKey,
  keyPermissions,
  type Permission,
  publishablePermissions,
  type schemas,
} from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';
import { mutate } from '../core/mutate.ts';
import { newId, secretBytes } from '../core/random.ts';
import { findOrganization } from '../organizations/index.ts';
import { findOwner } from './find-owner.ts';
import { hashKey, type PlainKey, pepperVersion } from './hash-key.ts';
import { type ApiKeyRow, apiKeyColumns, toApiKey } from './key-row.ts';

const insertKey = statement(
  'keys.insert',
  `INSERT INTO api_keys (organization_id, id, mode, kind, lookup_id, secret_hash, pepper_version,
     name, hint, permissions, rate_limit, api_version, owner_id)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
   RETURNING ${apiKeyColumns}`,
);

export type MintedKey = schemas.ApiKey & { key: PlainKey; key_jwe: null };

/** Mints an API key. The answer is the only place where the key itself ever appears. */
export async function createKey(
  ctx: Context,
  pepper: KeyObject,
  input: schemas.OperatorCreateApiKey,
): Promise<MintedKey> {
  const organization = await findOrganization(ctx, input.organization);
  const owner = await findOwner(ctx, organization, input.owner);
  const kind = input.kind === 'publishable' ? 'publishable' : 'secret';
  const permissions = permissionsOf(input);
  const publicId = base62FromBytes(secretBytes(64), apiKeyPublicIdLength);
  const secret = base62FromBytes(secretBytes(96), apiKeySecretLength);
  const key = formatApiKey(kind, input.mode, publicId, secret) as PlainKey;
  const scope = { organization, mode: input.mode };
  const hint = `${key.slice(0, 18)}…${key.slice(-4)}`;
  return mutate(
    ctx,
    {
      permission: 'operator:keys',
      scope,
      audit: (created) => ({
        action: 'api_key.create',
        object: created.id,
        details: { name: input.name, kind, permissions, owner },
      }),
    },
    async (tx) => {
      const [row] = await tx.query<ApiKeyRow>(insertKey, [
        organization,
        newId('apiKey'),
        input.mode,
        kind,
        publicId,
        hashKey(pepper, key),
        pepperVersion,
        input.name,
        hint,
        permissions,
        input.rate_limit ?? null,
        apiVersionLatest,
        owner,
      ]);
      if (row === undefined) throw new Error('the key was not inserted');
      const created = toApiKey(row);
      tx.event({ type: 'api_key.created', object: created.id, data: created });
      return { ...created, key, key_jwe: null };
    },
  );
}

function permissionsOf(input: schemas.OperatorCreateApiKey): string[] {
  if (input.kind === 'publishable') {
    const reason = 'A publishable key lies in the open and may not have';
    const asked = input.permissions ?? publishablePermissions;
    return within(publishablePermissions, asked, reason, 'mint a secret key');
  }
  const reason = `An API key of ${input.mode} mode may not have`;
  const asked = input.permissions ?? defaultKeyPermissions(input.mode);
  return within(keyPermissions(input.mode), asked, reason, 'name others');
}

function within(
  most: readonly Permission[],
  asked: readonly Permission[],
  reason: string,
  otherwise: string,
): string[] {
  const tooMuch = asked.find((name) => !most.includes(name));
  if (tooMuch === undefined) return [...asked];
  const fix = `Leave permissions out, or ${otherwise}.`;
  throw fieldError('/permissions', 'too_broad', `${reason} ${tooMuch}.`, fix);
}
