import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ask, useMode } from '../../api/index.ts';
import { useSettled } from '../../shared/use-settled.ts';
import { Card, counted, Icon, Notice, ProblemNotice, Skeleton } from '../../ui/index.ts';
import type { Rules } from './policy-draft.ts';

export type Preview = schemas.ApiKeyPolicyPreview;
type Query = UseQueryResult<Preview>;

/** Which keys the rules would concern, as they stand in the form and before they are saved. */
export function usePreview(rules: Rules, enabled: boolean): Query {
  const mode = useMode();
  const text = useSettled(JSON.stringify(rules));
  return useQuery<Preview>({
    queryKey: ['/v1/api_key_policy/preview', mode, text],
    enabled: enabled && text === JSON.stringify(rules),
    retry: false,
    placeholderData: (before) => before,
    queryFn: ({ signal }) => {
      const body: unknown = JSON.parse(text);
      return ask<Preview>('/v1/api_key_policy/preview', { method: 'POST', mode, body, signal });
    },
  });
}

type Props = { preview: Query; changed: boolean };

export function PolicyPreview({ preview, changed }: Props): ReactNode {
  return (
    <div className="lg:sticky lg:top-20">
      <Card title={changed ? 'If you save this' : 'As it is now'}>
        <div className="grid gap-3" aria-live="polite" aria-busy={preview.isFetching}>
          {preview.isPending && <Skeleton height="5rem" />}
          {preview.isError && <ProblemNotice error={preview.error} />}
          {preview.isSuccess && <Outcome preview={preview.data} changed={changed} />}
        </div>
      </Card>
    </div>
  );
}

type Key = Preview['overdue'][number];
type Line = { name: keyof Preview; one: string; many: string; hurts?: true };

const planned: readonly Line[] = [
  { name: 'end_now', one: 'would end at once', many: 'would end at once', hurts: true },
  { name: 'overdue', one: 'would be overdue', many: 'would be overdue' },
  { name: 'without_ip_ranges', one: 'names no addresses', many: 'name no addresses' },
  { name: 'expire_too_late', one: 'ends later, or never', many: 'end later, or never' },
  { name: 'without_service', one: 'names no service', many: 'name no service' },
];
const present: readonly Line[] = planned.map((line) =>
  line.name === 'overdue'
    ? { ...line, one: 'is overdue', many: 'are overdue' }
    : line.name === 'end_now'
      ? { ...line, one: 'has ended by them', many: 'have ended by them' }
      : line,
);

function Outcome({ preview, changed }: { preview: Preview; changed: boolean }): ReactNode {
  const lines = (changed ? planned : present).filter(({ name }) => preview[name].length > 0);
  if (lines.length === 0) {
    return (
      <p className="flex gap-2">
        <span className="mt-0.5 text-ok">
          <Icon name="check" />
        </span>
        Every key keeps these rules.
      </p>
    );
  }
  return lines.map(({ name, one, many, hurts }) => {
    const keys = preview[name];
    const title = `${counted(keys.length, 'key')} ${keys.length === 1 ? one : many}`;
    return (
      <Notice key={name} tone={hurts ? 'danger' : 'warn'} title={title}>
        <Names keys={keys} />
      </Notice>
    );
  });
}

function Names({ keys }: { keys: readonly Key[] }): ReactNode {
  return (
    <ul className="mt-1 grid max-h-48 gap-0.5 overflow-y-auto">
      {keys.map(({ id, name }) => (
        <li key={id}>
          <Link className="link wrap-anywhere" to={`/api-keys/${id}`}>
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
