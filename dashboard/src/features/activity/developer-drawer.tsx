import type { ReactNode } from 'react';
import { useCan } from '../../api/index.ts';
import { curlOf, curlVariables } from '../../shared/curl.ts';
import { CodeBlock, Dialog, EmptyState, Tabs } from '../../ui/index.ts';
import type { DeveloperProps } from './developer-button.tsx';
import { JsonBlock } from './json-block.tsx';
import { ObjectEvents } from './object-events.tsx';
import { ObjectRequests } from './object-requests.tsx';

type Props = DeveloperProps & { onClose: () => void };

export default function DeveloperDrawer({ id, path, value, onClose }: Props): ReactNode {
  const can = useCan();
  const events = can('events:read') ? (
    <ObjectEvents id={id} />
  ) : (
    <NotPermitted permission="events:read" />
  );
  const requests = can('requests:read') ? (
    <ObjectRequests id={id} />
  ) : (
    <NotPermitted permission="requests:read" />
  );
  return (
    <Dialog open drawer onClose={onClose} title="Developer">
      <code className="quiet text-sm break-all">{id}</code>
      <Tabs
        label="Developer"
        tabs={[
          { value: 'object', label: 'Object', content: <TheObject path={path} value={value} /> },
          { value: 'events', label: 'Events', content: events },
          { value: 'requests', label: 'Requests', content: requests },
        ]}
      />
    </Dialog>
  );
}

function TheObject({ path, value }: { path: string; value: unknown }): ReactNode {
  const url = location.origin + path;
  return (
    <div className="grid gap-4">
      <CodeBlock label="Read it with curl" text={curlOf({ method: 'GET', url })} />
      <p className="quiet text-sm">{curlVariables(url)}</p>
      <JsonBlock label="JSON of the object" value={value} />
    </div>
  );
}

function NotPermitted({ permission }: { permission: string }): ReactNode {
  return (
    <EmptyState icon="lock" title="Your role does not show this">
      It takes the permission <code>{permission}</code>.
    </EmptyState>
  );
}
