import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { curlOf } from '../../shared/curl.ts';
import {
  Badge,
  type BadgeTone,
  CodeBlock,
  CopyableId,
  DateTime,
  Details,
  Icon,
} from '../../ui/index.ts';
import { ObjectLink } from './object-link.tsx';

const toneOf = (status: number): BadgeTone =>
  status < 400 ? 'ok' : status < 500 ? 'warn' : 'danger';

/** One API request; opens to show all that is kept of it. */
export function RequestRow({ request }: { request: schemas.ApiRequest }): ReactNode {
  const { id, method, path, status, code, actor, address, duration_ms, created_at } = request;
  return (
    <li>
      <details className="request">
        <summary className="row">
          <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
            <Icon name="chevron-right" size={14} />
            <Badge tone={toneOf(status)}>{status}</Badge>
            <code className="min-w-0 break-all">
              {method} {path}
            </code>
          </span>
          <span className="quiet text-sm">
            <DateTime value={created_at} />
          </span>
        </summary>
        <div className="aside pb-3">
          <Details
            entries={[
              ['Request', <CopyableId key="id" id={id} />],
              code === null ? undefined : ['Code', <ErrorCode key="code" code={code} />],
              ['Asked by', actor.name ?? <ObjectLink key="actor" id={actor.id} />],
              address === null ? undefined : ['From', address],
              ['Took', `${duration_ms} ms`],
            ]}
          />
          <CodeBlock label="As curl" text={curlOf({ method, url: location.origin + path })} />
          {method !== 'GET' && (
            <p className="quiet text-sm">Bodies are not kept: put in what you want to send.</p>
          )}
        </div>
      </details>
    </li>
  );
}

/** Leads to what the code means. */
function ErrorCode({ code }: { code: string }): ReactNode {
  return (
    <a className="link" href={`/docs/errors#${code}`}>
      <code>{code}</code>
    </a>
  );
}
