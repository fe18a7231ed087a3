import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import { now } from '../../clock.ts';
import {
  Badge,
  Button,
  Card,
  counted,
  DateTime,
  Details,
  Notice,
  Skeleton,
} from '../../ui/index.ts';
import { type KeyDetail, type KeyUsage, useKey, useUsage } from './data.ts';
import { FinishDialog } from './key-dialogs.tsx';
import { readiness } from './readiness.ts';

/**
 * A rotation that is under way, on the pages of both keys: the old and the new one side by side,
 * with who still uses the old one.
 */
export function Rotation({ apiKey }: { apiKey: KeyDetail }): ReactNode {
  const isOld = apiKey.status === 'retiring';
  const other = useKey((isOld ? apiKey.successor : apiKey.predecessor) ?? undefined).data;
  const [old, fresh] = isOld ? [apiKey, other] : [other, apiKey];
  if (old?.status !== 'retiring') return null;
  return <Pair old={old} fresh={fresh} shown={apiKey.id} />;
}

type PairProps = { old: KeyDetail; fresh: KeyDetail | undefined; shown: string };

function Pair({ old, fresh, shown }: PairProps): ReactNode {
  const can = useCan();
  const [asked, setAsked] = useState(false);
  const usage = useUsage(old.id).data;
  return (
    <Card
      title="Being replaced"
      text={
        old.retires_at !== null && (
          <>
            Both work until <DateTime value={old.retires_at} />, then the old one ends by itself.
          </>
        )
      }
      actions={
        can('keys:revoke') ? (
          <Button size="small" onClick={() => setAsked(true)}>
            Finish now
          </Button>
        ) : undefined
      }
    >
      <div className="grid gap-4">
        {usage === undefined || fresh === undefined ? (
          <Skeleton height="3rem" />
        ) : (
          <Readiness usage={usage} since={fresh.created_at} />
        )}
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Side label="Old key" apiKey={old} isShown={old.id === shown} />
          {fresh !== undefined && (
            <Side label="New key" apiKey={fresh} isShown={fresh.id === shown} />
          )}
        </div>
      </div>
      {asked && <FinishDialog apiKey={old} onClose={() => setAsked(false)} />}
    </Card>
  );
}

/** Whether the old key can be ended, as far as its uses tell. */
function Readiness({ usage, since }: { usage: KeyUsage; since: string }): ReactNode {
  const { state, users } = readiness(usage, Date.parse(since), now());
  const { last_used_at: last } = usage;
  if (state === 'waiting') {
    return (
      <Notice title="Give your programs the new key">
        <p>
          The rotation is only minutes old. Here you will see whether the old key is still used.
        </p>
      </Notice>
    );
  }
  if (state === 'safe') {
    return (
      <Notice tone="ok" title="Safe to finish">
        <p>
          {last === null ? (
            'Nobody has ever used the old key.'
          ) : (
            <>
              Nobody has used the old key since <DateTime value={last} />.
            </>
          )}{' '}
          Think of programs that run seldom, such as once a week.
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="warn" title="The old key is still used">
      <p>
        {counted(users.length, 'program')} used it since the rotation, last{' '}
        {last !== null && <DateTime value={last} look="ago" />}:
      </p>
      <ul className="list-disc pl-4">
        {users.slice(0, 5).map(({ address, user_agent: agent, last_used_at: at }) => (
          <li key={`${address} ${agent}`} className="wrap-anywhere">
            {agent === '' ? 'A program without a name' : agent} from <code>{address}</code>,{' '}
            <DateTime value={at} look="ago" />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

type SideProps = { label: string; apiKey: KeyDetail; isShown: boolean };

function Side({ label, apiKey, isShown }: SideProps): ReactNode {
  const { id, hint, last_used_at: used, expires_at: ends, retires_at: retires } = apiKey;
  return (
    <section
      className="grid min-w-0 content-start gap-3 rounded-md bg-sunken p-3.5
        sm:[&_.details]:grid-cols-[6.5rem_minmax(0,1fr)]"
    >
      <h3 className="flex flex-wrap items-center gap-2">
        {label}
        {isShown ? (
          <Badge tone="accent">This page</Badge>
        ) : (
          <Link className="link text-sm font-normal" to={`/api-keys/${id}`}>
            Open
          </Link>
        )}
      </h3>
      <Details
        entries={[
          [
            'Looks like',
            <code key="hint" className="break-all">
              {hint}
            </code>,
          ],
          ['Last used', used === null ? 'Never' : <DateTime key="used" value={used} look="ago" />],
          ['Ends', <End key="end" at={retires ?? ends} />],
        ]}
      />
    </section>
  );
}

const End = ({ at }: { at: string | null }) => (at === null ? 'Never' : <DateTime value={at} />);
