import { useQuery } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import { sessionKey } from './client.ts';

/** Name of the organization one is signed in to, where one is. */
export function useActiveSessionName(): string | undefined {
  const { data } = useQuery<schemas.Session>({ queryKey: sessionKey, enabled: false });
  return data?.state === 'active' ? data.organization?.name : undefined;
}
