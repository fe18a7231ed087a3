import type { UseQueryResult } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import { useRead } from '../../api/index.ts';

export type Role = schemas.Role;

/** Every role of the organization, built-in ones first. */
export const useRoles = (enabled = true): UseQueryResult<{ data: Role[] }> =>
  useRead('/v1/roles', { enabled });

/** The name of a role as people know it; its id while roles are still being read. */
export function roleName(id: string | null, roles: readonly Role[] | undefined): string {
  if (id === null) return 'None';
  return roles?.find((role) => role.id === id)?.name ?? id;
}
