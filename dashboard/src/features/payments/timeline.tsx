import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { DateTime, formatMoney, Icon, type IconName } from '../../ui/index.ts';
import { EventType } from '../activity/index.ts';
import { sayAttempt, sayCheck } from './say-attempt.ts';
import { type TimelineEntry, timelineOf } from './timeline-entries.ts';

type Props = {
  payment: schemas.Payment & { attempts: readonly schemas.Attempt[] };
  refunds: readonly schemas.Refund[];
  events: readonly schemas.Event[];
};

/** What happened to a payment, newest first. */
export function Timeline({ payment, refunds, events }: Props): ReactNode {
  return (
    <ol className="timeline">
      {timelineOf(payment, refunds, events).map((entry) => (
        <Entry key={entry.key} entry={entry} payment={payment} />
      ))}
    </ol>
  );
}

function Entry({ entry, payment }: { entry: TimelineEntry; payment: schemas.Payment }): ReactNode {
  if (entry.kind === 'created') {
    return <Line icon="plus" at={entry.at} title="Payment created" strong />;
  }
  if (entry.kind === 'event') {
    const { id, type } = entry.event;
    const title = (
      <Link to={`/events/${id}`} className="link">
        <EventType type={type} />
      </Link>
    );
    return <Line icon="bell" at={entry.at} title={title} />;
  }
  const { attempt, refund } = entry;
  const { title, reason, tone, icon } = sayAttempt(
    attempt,
    formatMoney(attempt.amount, payment.currency),
  );
  return (
    <Line icon={icon} tone={tone} at={entry.at} title={title} strong>
      {reason !== undefined && (
        <p>
          {reason.text}.{/* Of a charge, the head of the page says what to do. */}
          {attempt.kind !== 'authorize' && ` ${reason.advice}`}
        </p>
      )}
      {refund?.reason && <p>“{refund.reason}”</p>}
      <Small attempt={attempt} refund={refund} />
    </Line>
  );
}

/** For those who have to find it at the processor. */
function Small({
  attempt,
  refund,
}: {
  attempt: schemas.Attempt;
  refund: schemas.Refund | undefined;
}): ReactNode {
  const { processor, processor_reference, cvc_check, created_at, finished_at } = attempt;
  const took = finished_at === null ? undefined : Date.parse(finished_at) - Date.parse(created_at);
  return (
    <p className="flex flex-wrap gap-x-3">
      <span>
        {processor}
        {processor_reference !== null && (
          <>
            {' '}
            <code className="break-all">{processor_reference}</code>
          </>
        )}
      </span>
      {cvc_check !== null && <span>{sayCheck(cvc_check)}</span>}
      {took !== undefined && took >= 1_000 && <span>took {(took / 1000).toFixed(1)} s</span>}
      {refund !== undefined && (
        <Link to={`/refunds/${refund.id}`} className="link">
          Refund
        </Link>
      )}
    </p>
  );
}

type LineProps = {
  icon: IconName;
  at: string;
  title: ReactNode;
  tone?: 'ok' | 'warn' | 'danger' | 'info';
  strong?: boolean;
  children?: ReactNode;
};

function Line({ icon, at, title, tone, strong = false, children }: LineProps): ReactNode {
  return (
    <li data-tone={tone}>
      <span className="timeline-mark">
        <Icon name={icon} size={13} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap justify-between gap-x-4">
          <span className={strong ? 'min-w-0 font-medium' : 'min-w-0'}>{title}</span>
          <span className="quiet text-sm">
            <DateTime value={at} />
          </span>
        </div>
        {children !== undefined && <div className="quiet text-sm">{children}</div>}
      </div>
    </li>
  );
}
