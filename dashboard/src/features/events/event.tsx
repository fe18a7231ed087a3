import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useCan, useRead } from '../../api/index.ts';
import { Card, DateTime, Details } from '../../ui/index.ts';
import {
  DeveloperButton,
  JsonBlock,
  ObjectHeader,
  ObjectLink,
  ObjectPage,
  sayType,
} from '../activity/index.ts';
import { Deliveries } from './deliveries.tsx';
import { objectOf } from './object-of.ts';

const list = { to: '/events', label: 'Events' };

/** One event, and where it was sent. */
export default function EventPage(): ReactNode {
  const { id = '' } = useParams();
  const query = useRead<schemas.Event>(`/v1/events/${encodeURIComponent(id)}`);
  return (
    <ObjectPage query={query} kind="event" list={list}>
      {(event) => <Shown event={event} />}
    </ObjectPage>
  );
}

function Shown({ event }: { event: schemas.Event }): ReactNode {
  const can = useCan();
  const { id, type, sequence, created_at, request_id, api_version } = event;
  const object = objectOf(event);
  return (
    <>
      <ObjectHeader
        kind="Event"
        title={type}
        id={id}
        parent={list}
        actions={<DeveloperButton id={id} path={`/v1/events/${id}`} value={event} />}
      />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-4 max-lg:order-2">
          <Card title="Data" text="The object as it was at that moment.">
            <JsonBlock label="Data of the event" value={event.data} />
          </Card>
          {can('webhooks:read') && <Deliveries event={event} />}
        </div>
        <div className="aside">
          <Card title="Details">
            <Details
              entries={[
                sayType(type) === '' ? undefined : ['Means', sayType(type)],
                object === undefined ? undefined : ['Object', <ObjectLink key="o" id={object} />],
                ['Number', `${sequence} of this object`],
                ['Time', <DateTime key="t" value={created_at} />],
                request_id === null
                  ? undefined
                  : [
                      'Request',
                      <code key="r" className="break-all">
                        {request_id}
                      </code>,
                    ],
                ['API version', api_version],
                object === undefined
                  ? undefined
                  : [
                      'More',
                      <Link key="m" to={`/events?object=${object}`} className="link">
                        All events of this object
                      </Link>,
                    ],
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}
