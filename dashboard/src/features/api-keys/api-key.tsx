import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useCan } from '../../api/index.ts';
import { now } from '../../clock.ts';
import { Badge, Card, DateTime, LinkButton, Notice } from '../../ui/index.ts';
import { DeveloperButton, ObjectHeader, ObjectPage } from '../activity/index.ts';
import { isLiving, type KeyDetail, useKey, whyNotRotate } from './data.ts';
import { ExposedNotice } from './exposed-notice.tsx';
import { Facts } from './facts.tsx';
import { KeyActs } from './key-acts.tsx';
import { KeyPermissions } from './key-permissions.tsx';
import { KeyUses } from './key-uses.tsx';
import { LastChange } from './propagation.tsx';
import { Rotation } from './rotation.tsx';
import { KeyBadges, kindNames } from './status-badge.tsx';

const list = { to: '/api-keys', label: 'API keys' };

/** One API key: what it may do, who uses it and from where, and all that can be done to it. */
export default function ApiKeyPage(): ReactNode {
  const { id = '' } = useParams();
  return (
    <ObjectPage query={useKey(id)} kind="API key" list={list}>
      {(key) => <Shown apiKey={key} />}
    </ObjectPage>
  );
}

function Shown({ apiKey }: { apiKey: KeyDetail }): ReactNode {
  const { id, name, kind, last_change: change } = apiKey;
  const can = useCan();
  return (
    <>
      <ObjectHeader
        kind="API key"
        title={name}
        id={id}
        after={
          <>
            <KeyBadges apiKey={apiKey} />
            {kind !== 'secret' && <Badge>{kindNames[kind]}</Badge>}
          </>
        }
        parent={list}
        actions={
          <>
            {can('audit_log:read') && (
              <LinkButton to={`/audit-log?object_id=${id}`} icon="list">
                Changes
              </LinkButton>
            )}
            <DeveloperButton id={id} path={`/v1/api_keys/${id}`} value={apiKey} />
            <KeyActs apiKey={apiKey} />
          </>
        }
      />
      <div className="grid grid-cols-1 gap-5">
        <Warnings apiKey={apiKey} />
        {change !== null && <LastChange change={change} />}
        <Rotation apiKey={apiKey} />
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
          {kind === 'publishable' ? <OnlyTokens /> : <KeyPermissions apiKey={apiKey} />}
          <Facts apiKey={apiKey} />
        </div>
        <KeyUses apiKey={apiKey} />
      </div>
    </>
  );
}

function OnlyTokens(): ReactNode {
  return (
    <Card title="What it may do">
      <p>Turn card details into tokens, and nothing else. It is meant to be seen.</p>
    </Card>
  );
}

/** What somebody should do something about. */
function Warnings({ apiKey }: { apiKey: KeyDetail }): ReactNode {
  const { beyond_owner: beyond, due_at: due } = apiKey;
  const { disabled_at: off, disabled_reason: why, revoked_at: revoked } = apiKey;
  if (revoked !== null) {
    return (
      <>
        <Revoked apiKey={apiKey} />
        <ExposedNotice apiKey={apiKey}>Whoever saw it can do nothing with it.</ExposedNotice>
      </>
    );
  }
  return (
    <>
      {isLiving(apiKey) && (
        <ExposedNotice apiKey={apiKey}>
          {whyNotRotate(apiKey) === undefined
            ? 'Rotate it, and end the old key as soon as your program has the new one.'
            : 'Revoke it as soon as your program has another.'}
        </ExposedNotice>
      )}
      {beyond.length > 0 && (
        <Notice tone="danger" title="This key may do more than its owner">
          <p>
            {apiKey.owner_name ?? 'Its owner'} does not have: {beyond.join(', ')}. Take that away
            from the key, or give the key to somebody who has it.
          </p>
        </Notice>
      )}
      {due !== null && Date.parse(due) < now() && isLiving(apiKey) && (
        <Notice tone="warn" title="This key is overdue for replacement">
          <p>
            Your rules wanted it replaced by <DateTime value={due} look="day" />. Rotate it.
          </p>
        </Notice>
      )}
      {off !== null && isLiving(apiKey) && (
        <Notice tone="warn" title="This key is disabled">
          <p>
            Since <DateTime value={off} />
            {why === null ? '.' : `: ${why}`} Whatever uses it is refused.
          </p>
        </Notice>
      )}
    </>
  );
}

function Revoked({ apiKey }: { apiKey: KeyDetail }): ReactNode {
  const { revoked_at: at, revoked_reason: reason, successor } = apiKey;
  return (
    <Notice title="This key is revoked">
      <p>
        {at !== null && <DateTime value={at} />}
        {reason === null ? '.' : `: ${reason}.`} It works no more; its record stays.{' '}
        {successor !== null && (
          <Link className="link" to={`/api-keys/${successor}`}>
            The key that replaced it
          </Link>
        )}
      </p>
    </Notice>
  );
}
