import type { ReactNode } from 'react';
import { curlOf } from '../../shared/curl.ts';
import { Badge, type BadgeTone, CodeBlock, CopyableId, DateTime, Details } from '../../ui/index.ts';

export type ApiRequest = {
  id: string;
  method: string;
  path: string;
  status: number;
  code: string | null;
  duration_ms: number;
  created_at: string;
};

const toneOf = (status: number): BadgeTone =>
  status < 400 ? 'ok' : status < 500 ? 'warn' : 'danger';

/** One API request; opens to show all of it. */
export function RequestRow({ request }: { request: ApiRequest }): ReactNode {
  const { id, method, path, status, code, duration_ms, created_at } = request;
  return (
    <li>
      <details className="row-details">
        <summary className="row">
          <span className="flex min-w-0 flex-wrap items-center gap-x-2">
            <Badge tone={toneOf(status)}>{status}</Badge>
            <code className="min-w-0 break-all">
              {method} {path}
            </code>
          </span>
          <DateTime value={created_at} />
        </summary>
        <div className="grid gap-3 pb-3">
          <Details
            entries={[
              ['Request', <CopyableId key="id" id={id} />],
              code === null ? undefined : ['Code', <code key="code">{code}</code>],
              ['Took', `${duration_ms} ms`],
            ]}
          />
          <CodeBlock label="curl" text={curlOf({ method, url: location.origin + path })} />
        </div>
      </details>
    </li>
  );
}
