import type { UseQueryResult } from '@tanstack/react-query';
import type { Permission, schemas } from 'payos-contract';
import { useRead } from '../../api/index.ts';

export type ApiKey = schemas.ApiKey;
export type KeyEntry = schemas.ApiKeyEntry;
export type KeyDetail = schemas.ApiKeyDetail;
export type KeyUsage = schemas.ApiKeyUsage;
export type Changed = schemas.ChangedApiKey;
export type KeyWithSecret = schemas.ApiKeyWithSecret;
export type Policy = schemas.ApiKeyPolicy;
export type Safety = schemas.ApiKeySafety;
export type Finding = Safety['data'][number];

/** Whatever shows keys is read again after a change of one. */
export const keyPaths: readonly string[] = ['/v1/api_keys', '/v1/api_key_safety'];

/** Uses are written every few seconds. */
const usagePollMs = 10_000;
/** While a process is silent one wants to see it speak. */
const waitingPollMs = 1_000;

const isWaiting = ({ last_change: change }: KeyDetail) =>
  change !== null && change.acknowledged < change.nodes;

export const useKey = (id: string | undefined): UseQueryResult<KeyDetail> =>
  useRead(id === undefined ? undefined : `/v1/api_keys/${id}`, {
    pollMs: (key) => (isWaiting(key) ? waitingPollMs : usagePollMs),
  });

export const useUsage = (id: string | undefined): UseQueryResult<KeyUsage> =>
  useRead(id === undefined ? undefined : `/v1/api_keys/${id}/usage`, { pollMs: usagePollMs });

/** The rules for keys of this mode. */
export const usePolicy = (): UseQueryResult<Policy> => useRead('/v1/api_key_policy');

export const useSafety = (enabled = true): UseQueryResult<Safety> =>
  useRead('/v1/api_key_safety', { enabled });

/** Whether it can still be used, or switched on again. */
export const isLiving = ({ status }: Pick<ApiKey, 'status'>): boolean =>
  status === 'active' || status === 'retiring' || status === 'disabled';

/** Why a key cannot be rotated; undefined where it can. */
export function whyNotRotate({ status, successor }: ApiKey): string | undefined {
  if (status === 'disabled') return 'It is disabled: enable it first, or make a new key.';
  if (status === 'revoked' || status === 'expired') return 'It works no more: make a new key.';
  return successor === null ? undefined : 'It is being replaced already.';
}

/** Answers name permissions as texts: a newer server may know more of them. */
export const permissionsOf = (key: Pick<ApiKey, 'permissions'>): Permission[] =>
  key.permissions as Permission[];

/** What comes first: the end that was set, of a rotated key that of its overlap. */
export function endOf({ expires_at: set, retires_at: retires }: ApiKey): string | null {
  if (set === null || retires === null) return set ?? retires;
  return Date.parse(set) < Date.parse(retires) ? set : retires;
}
