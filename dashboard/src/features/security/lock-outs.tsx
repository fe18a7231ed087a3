import { useQuery } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ask, useCan } from '../../api/index.ts';
import { OwnAddress } from '../../shared/own-address.tsx';
import { useSettled } from '../../shared/use-settled.ts';
import { Card, counted, Icon, Notice, ProblemNotice, Skeleton } from '../../ui/index.ts';
import type { Rules } from './draft.ts';

export type Preview = schemas.PolicyPreview;
type Reason = Preview['locked_out'][number]['reasons'][number];

const reasons: Readonly<Record<Reason, string>> = {
  factor: 'has no factor that would be allowed',
  email_domain: 'has an address of another domain',
  address: 'works from another network',
};

/** Whom the rules would lock out, as they stand in the form and before they are saved. */
export function LockOuts({ rules, changed }: { rules: Rules; changed: boolean }): ReactNode {
  const can = useCan();
  const text = useSettled(JSON.stringify(rules));
  const usable = can('security_policy:write') && rules.allowed_factors.length > 0;
  const preview = useQuery<Preview>({
    queryKey: ['/v1/security_policy/preview', text],
    enabled: usable,
    retry: false,
    placeholderData: (before) => before,
    queryFn: ({ signal }) =>
      ask<Preview>('/v1/security_policy/preview', {
        method: 'POST',
        body: JSON.parse(text),
        signal,
      }),
  });
  return (
    <div className="grid grid-cols-1 gap-5 lg:sticky lg:top-20">
      <Card title={changed ? 'If you save this' : 'As it is now'}>
        <div className="grid gap-3" aria-live="polite" aria-busy={preview.isFetching}>
          {!usable && <p className="quiet">Nothing is being changed.</p>}
          {usable && preview.isPending && <Skeleton height="5rem" />}
          {usable && preview.isError && <ProblemNotice error={preview.error} />}
          {usable && preview.data !== undefined && !preview.isError && (
            <Outcome preview={preview.data} changed={changed} />
          )}
        </div>
      </Card>
      <OwnAddress />
    </div>
  );
}

type OutcomeProps = { preview: Preview; changed: boolean };

function Outcome({ preview, changed }: OutcomeProps): ReactNode {
  const { you, locked_out: lockedOut } = preview;
  return (
    <>
      {you.length > 0 ? (
        <Notice tone="danger" title="You would be locked out">
          <ul className="grid gap-0.5">
            {you.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Notice>
      ) : (
        <p className="flex gap-2">
          <span className="mt-0.5 text-ok">
            <Icon name="check" />
          </span>
          You stay in.
        </p>
      )}
      {lockedOut.length === 0 ? (
        <p className="flex gap-2">
          <span className="mt-0.5 text-ok">
            <Icon name="check" />
          </span>
          Nobody else is locked out.
        </p>
      ) : (
        <Notice
          tone="warn"
          title={`${counted(lockedOut.length, 'member')} ${outcomeText(lockedOut.length, changed)}`}
        >
          <ul className="mt-1 grid max-h-80 gap-1.5 overflow-y-auto">
            {lockedOut.map(({ member, name, reasons: why }) => (
              <li key={member}>
                <Link className="link font-medium" to={`/members/${member}`}>
                  {name}
                </Link>{' '}
                {why.map((reason) => reasons[reason]).join(', ')}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

function outcomeText(members: number, changed: boolean): string {
  if (changed) return 'would be locked out';
  return members === 1 ? 'is locked out' : 'are locked out';
}
