import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useCan, useRead, useSend } from '../../api/index.ts';
import { now } from '../../clock.ts';
import {
  Badge,
  Button,
  Card,
  CodeBlock,
  counted,
  DateTime,
  EmptyState,
  ErrorState,
  LoadingRows,
  ProblemNotice,
  toast,
} from '../../ui/index.ts';

type Endpoint = schemas.WebhookEndpoint;
type Page<T> = { data: T[] };
const openPollMs = 3_000;
/** What has just happened may not have been handed to the endpoints yet, in milliseconds. */
const freshMs = 60_000;

/** Where an event was sent, and what came back. */
export function Deliveries({ event }: { event: schemas.Event }): ReactNode {
  const endpoints = useRead<Page<Endpoint>>('/v1/webhook_endpoints', { query: { limit: 100 } });
  return (
    <Card title="Webhooks" text="Where it was sent, and what came back." flush>
      {endpoints.isPending ? (
        <LoadingRows rows={2} />
      ) : endpoints.isError ? (
        <ErrorState error={endpoints.error} onRetry={() => void endpoints.refetch()} />
      ) : endpoints.data.data.length === 0 ? (
        <EmptyState icon="webhook" title="There is no webhook endpoint">
          Events are kept here in any case. An endpoint of yours is told of those that come after it
          was added.
        </EmptyState>
      ) : (
        <ul className="rows px-4.5">
          {endpoints.data.data.map((endpoint) => (
            <EndpointDeliveries key={endpoint.id} endpoint={endpoint} event={event} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function EndpointDeliveries({ endpoint, event }: { endpoint: Endpoint; event: schemas.Event }) {
  const list = useRead<Page<schemas.Delivery>>(`/v1/webhook_endpoints/${endpoint.id}/deliveries`, {
    query: { event: event.id, limit: 10 },
    pollMs: ({ data }) => isOpen(event, data) && openPollMs,
  });
  return (
    <li className="grid gap-1 py-2.5">
      <code className="break-all">{endpoint.url}</code>
      {list.isPending ? (
        <p className="quiet text-sm" role="status">
          Loading …
        </p>
      ) : list.isError ? (
        <ProblemNotice error={list.error} />
      ) : list.data.data.length === 0 ? (
        <p className="quiet text-sm">
          Not sent here so far: the endpoint takes other events, or is younger than this one.
        </p>
      ) : (
        list.data.data.map((delivery) => <OneDelivery key={delivery.id} delivery={delivery} />)
      )}
    </li>
  );
}

function isOpen({ created_at }: schemas.Event, deliveries: readonly schemas.Delivery[]): boolean {
  if (deliveries.length === 0) return now() - Date.parse(created_at) < freshMs;
  return deliveries.some(({ status }) => status === 'pending');
}

const shown = {
  pending: { tone: 'info', icon: 'clock', label: 'Pending' },
  succeeded: { tone: 'ok', icon: 'check', label: 'Delivered' },
  failed: { tone: 'danger', icon: 'x', label: 'Failed' },
} as const;

function OneDelivery({ delivery }: { delivery: schemas.Delivery }): ReactNode {
  const can = useCan();
  const { id, status, attempts, next_attempt_at } = delivery;
  const { tone, icon, label } = shown[status];
  const resend = useSend<schemas.Delivery>({
    path: `/v1/deliveries/${id}/resend`,
    idempotent: true,
    refresh: ['/v1/webhook_endpoints'],
    onDone: () => toast('Sent again'),
  });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={tone} icon={icon}>
          {label}
        </Badge>
        <span className="quiet text-sm">{counted(attempts.length, 'attempt')}</span>
        {next_attempt_at !== null && (
          <span className="quiet text-sm">
            next <DateTime value={next_attempt_at} look="ago" />
          </span>
        )}
        {can('webhooks:write') && (
          <Button
            size="small"
            icon="refresh"
            busy={resend.isPending}
            className="ms-auto"
            onClick={() => resend.mutate()}
          >
            Send again
          </Button>
        )}
      </div>
      {resend.isError && <ProblemNotice error={resend.error} />}
      {attempts.map((attempt) => (
        <Attempt key={attempt.number} attempt={attempt} />
      ))}
    </div>
  );
}

function Attempt({ attempt }: { attempt: schemas.Delivery['attempts'][number] }): ReactNode {
  const { number, started_at, duration_ms, status, error, response } = attempt;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer">
        Attempt {number}: {status ?? error ?? 'no answer'}{' '}
        <span className="quiet">
          after {duration_ms} ms, <DateTime value={started_at} />
        </span>
      </summary>
      <div className="pt-2">
        {response === null || response === '' ? (
          <p className="quiet">The answer had no body.</p>
        ) : (
          <CodeBlock label={`Answer to attempt ${number}`} text={response} />
        )}
      </div>
    </details>
  );
}
