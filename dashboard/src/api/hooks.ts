import {
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { Mode } from 'payos-contract';
import { useRef } from 'react';
import { ask, type Query, type Request } from './client.ts';
import { useMode } from './mode.ts';
import { ApiProblem } from './problem.ts';
import { newIdempotencyKey } from './random.ts';

type ReadOptions<T> = {
  query?: Query;
  /** Asks again every so many milliseconds, as background requests; may depend on the answer. */
  pollMs?: number | false | ((answer: T) => number | false);
  /** Shows the last page of a list until the next one is there. */
  keep?: boolean;
  enabled?: boolean;
  /** The clock asks, not the person: not even the first time does it count as use. */
  background?: boolean;
};

/**
 * Reads from the API in the mode that is switched on. Whatever is asked again by itself is marked
 * as background, so that an open page does not keep a session alive.
 *
 * @param path `undefined`: nothing is asked yet
 */
export function useRead<T>(
  path: string | undefined,
  options: ReadOptions<T> = {},
): UseQueryResult<T> {
  const client = useQueryClient();
  const mode = useMode();
  const { query, pollMs = false, keep = false, enabled = true, background = false } = options;
  const queryKey = [path, mode, query ?? {}];
  return useQuery<T>({
    queryKey,
    enabled: enabled && path !== undefined,
    refetchInterval:
      typeof pollMs === 'function'
        ? ({ state: { data } }) => data !== undefined && pollMs(data)
        : pollMs,
    // What was read in the other mode, or of another object, is never shown instead.
    ...(keep
      ? { placeholderData: (shown, before) => (isSame(before, path, mode) ? shown : undefined) }
      : {}),
    queryFn: ({ signal }) => {
      const { dataUpdateCount = 0, errorUpdateCount = 0 } = client.getQueryState(queryKey) ?? {};
      const again = dataUpdateCount + errorUpdateCount > 0;
      return ask<T>(path ?? '', { query, mode, background: background || again, signal });
    },
  });
}

function isSame(before: { queryKey: readonly unknown[] } | undefined, path: unknown, mode: Mode) {
  return before?.queryKey[0] === path && before?.queryKey[1] === mode;
}

type SendOptions<Input, Answer> = {
  method?: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string | ((input: Input) => string);
  /** Default: the input itself, and no body for DELETE. */
  body?: (input: Input) => unknown;
  /** The route takes an Idempotency-Key. */
  idempotent?: boolean;
  /** Paths (and what is below them) that are read again afterwards, e.g. `/v1/members`. */
  refresh?: readonly string[];
  /** The same, for what nobody waits for. */
  refreshLater?: readonly string[];
  onDone?: (answer: Answer, input: Input) => void;
};

/**
 * Changes something through the API. A try that got no answer keeps its Idempotency-Key, so that
 * pressing the button again does not do it twice.
 */
export function useSend<Answer = unknown, Input = void>(
  options: SendOptions<Input, Answer>,
): UseMutationResult<Answer, Error, Input> {
  const client = useQueryClient();
  const mode = useMode();
  const key = useRef<{ key: string; text: string } | undefined>(undefined);
  const {
    method = 'POST',
    path,
    idempotent = false,
    refresh = [],
    refreshLater = [],
    onDone,
  } = options;
  return useMutation<Answer, Error, Input>({
    mutationFn: async (input) => {
      const target = typeof path === 'string' ? path : path(input);
      const body = options.body === undefined ? (input ?? undefined) : options.body(input);
      const request: Request = { method, mode, body: method === 'POST' ? (body ?? {}) : body };
      if (!idempotent) return ask<Answer>(target, request);
      const text = JSON.stringify([target, mode, body]);
      if (key.current?.text !== text) key.current = { key: newIdempotencyKey(), text };
      try {
        const answer = await ask<Answer>(target, { ...request, idempotencyKey: key.current.key });
        key.current = undefined;
        return answer;
      } catch (error) {
        if (error instanceof ApiProblem && !error.problem.retryable) key.current = undefined;
        throw error;
      }
    },
    onSuccess: (answer, input) => {
      onDone?.(answer, input);
      void refreshPaths(client, refreshLater);
      return refreshPaths(client, refresh);
    },
  });
}

function refreshPaths(client: ReturnType<typeof useQueryClient>, paths: readonly string[]) {
  return client.invalidateQueries({
    predicate: ({ queryKey: [first] }) =>
      typeof first === 'string' &&
      paths.some((path) => first === path || first.startsWith(`${path}/`)),
  });
}
