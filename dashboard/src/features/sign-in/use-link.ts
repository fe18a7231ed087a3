import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ask } from '../../api/index.ts';

/** What stands behind a link, without using it up. */
export function useLink<T>(path: string, token: string): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: [path, token],
    queryFn: () => ask<T>(path, { method: 'POST', body: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
