import type { ReactNode } from 'react';
import { isProblem, Trouble } from '../api/problem.ts';
import { CopyButton } from './copy.tsx';
import { fixOf } from './fixes.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'info' | 'ok' | 'warn' | 'danger';

const signs: Record<Tone, IconName> = { info: 'info', ok: 'check', warn: 'alert', danger: 'alert' };

type Props = {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  /** Read out at once: for what has just happened, not for what stands on the page. */
  live?: boolean;
};

export function Notice({ tone = 'info', title, children, live = false }: Props): ReactNode {
  return (
    <div className="notice" data-tone={tone} role={live ? 'alert' : undefined}>
      <Icon name={signs[tone]} />
      <div>
        {title !== undefined && <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** What went wrong, what to do about it, and the id by which support finds it. */
export function ProblemNotice({ error }: { error: unknown }): ReactNode {
  const { title, detail, fix, requestId } = explain(error);
  return (
    <Notice tone="danger" title={title} live>
      {detail !== undefined && <p>{detail}</p>}
      <p>{fix}</p>
      {requestId !== undefined && <RequestId id={requestId} />}
    </Notice>
  );
}

function RequestId({ id }: { id: string }): ReactNode {
  return (
    <p className="quiet mt-1 flex items-center gap-1">
      <span>
        Request <code className="break-all">{id}</code>
      </span>
      <CopyButton text={id} label="Copy the request id" />
    </p>
  );
}

type Explained = { title: string; detail?: string; fix: string; requestId?: string };

function explain(error: unknown): Explained {
  if (isProblem(error)) {
    const { title, detail, request_id: requestId } = error.problem;
    return { title, fix: fixOf(error.problem), requestId, ...(detail === title ? {} : { detail }) };
  }
  if (error instanceof Trouble) return { title: error.message, fix: error.fix };
  return {
    title: 'Something went wrong in the dashboard.',
    fix: 'Reload the page. If it happens again, tell whoever runs this installation.',
    ...(error instanceof Error ? { detail: error.message } : {}),
  };
}

type ErrorProps = { error: unknown; onRetry?: (() => void) | undefined; children?: ReactNode };

/** Stands where something should have been shown. */
export function ErrorState({ error, onRetry, children }: ErrorProps): ReactNode {
  const { title, detail, fix, requestId } = explain(error);
  return (
    <div className="empty" role="alert">
      <Icon name="alert" size={22} />
      <h2>{title}</h2>
      {detail !== undefined && <p>{detail}</p>}
      <p>{fix}</p>
      {requestId !== undefined && <RequestId id={requestId} />}
      <div className="empty-actions">
        {onRetry !== undefined && (
          <button type="button" className="button" data-look="plain" onClick={onRetry}>
            <Icon name="refresh" />
            Try again
          </button>
        )}
        {children}
      </div>
    </div>
  );
}
