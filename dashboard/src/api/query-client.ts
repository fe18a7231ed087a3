import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';

/** An answer that says no says it again; no answer at all is worth two more tries. */
function mayRetry(failures: number, error: Error): boolean {
  if (error instanceof ApiProblem && !error.problem.retryable) return false;
  return failures < 2;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // Whether there is a network says nothing of an installation on this machine, or in this house.
    queries: { networkMode: 'always', retry: mayRetry, staleTime: 5_000, gcTime: 10 * 60_000 },
    mutations: { networkMode: 'always', retry: false },
  },
});
