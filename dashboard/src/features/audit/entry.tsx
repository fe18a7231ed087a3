import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { CodeBlock, CopyableId, DateTime, Details, Dialog } from '../../ui/index.ts';
import { ObjectLink, useNamed } from './object-link.tsx';
import { actorTypes, Sentence } from './sentence.tsx';

type Props = { entry: schemas.AuditEntry; onClose: () => void };

/** Everything that stands in one entry, as it was written. */
export function Entry({ entry, onClose }: Props): ReactNode {
  const { actor, action, object_id: object, request_id: request, address, details } = entry;
  return (
    <Dialog open onClose={onClose} title={`Entry ${entry.id}`} drawer>
      <p className="text-lg">
        <Sentence entry={entry} />
      </p>
      <Details
        entries={[
          ['When', <DateTime key="at" value={entry.created_at} />],
          ['Action', <code key="action">{action}</code>],
          ['Who', <WithId key="who" shown={actor.name ?? actorTypes[actor.type]} id={actor.id} />],
          object === null ? undefined : ['Object', <TheObject key="object" id={object} />],
          ['Mode', entry.mode ?? 'Neither: it concerns the whole organization'],
          request === null ? undefined : ['Request', <CopyableId key="request" id={request} />],
          address === null ? undefined : ['From', <code key="address">{address}</code>],
        ]}
      />
      <Related entry={entry} onClose={onClose} />
      <CodeBlock label="Details, as they were written" text={JSON.stringify(details, null, 2)} />
    </Dialog>
  );
}

function WithId({ shown, id }: { shown: ReactNode; id: string }): ReactNode {
  return (
    <span className="grid justify-items-start">
      {shown}
      <CopyableId id={id} />
    </span>
  );
}

function TheObject({ id }: { id: string }): ReactNode {
  const { name, to } = useNamed(id);
  if (name === undefined && to === undefined) return <CopyableId id={id} />;
  return <WithId shown={<ObjectLink id={id} />} id={id} />;
}

/** The log, filtered by what this entry is about. */
function Related({ entry, onClose }: Props): ReactNode {
  const { actor, action, object_id: object, request_id: request } = entry;
  const links = [
    ['actor', actor.id, 'All by the same'],
    ['object_id', object, 'All about this object'],
    ['action', action, 'All of this kind'],
    ['request_id', request, 'All of this request'],
  ] as const;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1">
      {links.map(([name, value, text]) =>
        value === null ? null : (
          <Link
            key={name}
            className="link"
            to={`/audit-log?${new URLSearchParams({ [name]: value })}`}
            onClick={onClose}
          >
            {text}
          </Link>
        ),
      )}
    </p>
  );
}
