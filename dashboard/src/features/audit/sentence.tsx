import type { schemas } from 'payos-contract';
import { Fragment, type ReactNode } from 'react';
import { Link } from 'react-router';
import { ObjectLink, useNamed } from './object-link.tsx';
import { phraseOf } from './phrases.ts';

type AuditEntry = schemas.AuditEntry;

/** Those who act, where they have no name. */
export const actorTypes: Readonly<Record<string, string>> = {
  api_key: 'An API key',
  member: 'A member',
  account: 'A person',
  checkout_session: 'The visitor of a checkout page',
  operator: 'Somebody on the machine itself',
  system: 'PayOS',
  anonymous: 'Somebody who was not signed in',
};

/** An entry as people would say it: who did what to which object. */
export function Sentence({ entry }: { entry: AuditEntry }): ReactNode {
  const parts = phraseOf(entry).split('{object}');
  return (
    <span>
      <Actor entry={entry} />{' '}
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a phrase never change places
        <Fragment key={index}>
          {index > 0 && entry.object_id !== null && <ObjectLink id={entry.object_id} />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}

function Actor({ entry: { actor } }: { entry: AuditEntry }): ReactNode {
  const { name, to } = useNamed(actor.id);
  const known = actor.name ?? name;
  const text = known ?? actorTypes[actor.type] ?? actor.type;
  const prefix = actor.type === 'api_key' && known !== undefined ? 'The API key ' : '';
  if (to === undefined) return <span className="font-medium">{prefix + text}</span>;
  return (
    <Link className="link font-medium" to={to}>
      {text}
    </Link>
  );
}
