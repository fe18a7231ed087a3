import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useCan, useMode } from '../../api/index.ts';
import { type Column, DateTime, EmptyState, type Filter, LinkButton } from '../../ui/index.ts';
import { ObjectList } from '../activity/index.ts';
import { useMembers } from '../members/index.ts';
import { endOf, isLiving, type KeyEntry } from './data.ts';
import { KeysHeader } from './keys-header.tsx';
import { KeysInNeed } from './keys-in-need.tsx';
import { saySummary } from './say-key.ts';
import { KeyBadges, kindNames, kindOptions, statusOptions } from './status-badge.tsx';

const pollMs = 30_000;

/** Every API key of the mode, with who uses it and when it ends. */
export default function ApiKeys(): ReactNode {
  const filters = useKeyFilters();
  return (
    <>
      <KeysHeader page="keys" />
      <div className="grid grid-cols-1 gap-4">
        <KeysInNeed />
        <ObjectList<KeyEntry>
          api="/v1/api_keys"
          to="/api-keys"
          caption="API keys"
          filters={filters}
          columns={columns}
          empty={<NoKeys />}
          pollMs={pollMs}
        />
      </div>
    </>
  );
}

/** Owners are offered to those who may see the members. */
function useKeyFilters(): readonly Filter[] {
  const members = useMembers(useCan()('members:read'));
  const owners = (members.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const owner: Filter = { kind: 'select', name: 'owner', label: 'Owner', options: owners };
  return [
    { kind: 'select', name: 'kind', label: 'Kind', options: kindOptions },
    { kind: 'select', name: 'status', label: 'Status', options: statusOptions },
    ...(owners.length > 1 ? [owner] : []),
  ];
}

const columns: readonly Column<KeyEntry>[] = [
  {
    label: 'Key',
    wide: true,
    cell: ({ name, service, hint }) => (
      <span className="block min-w-0">
        <span className="block wrap-anywhere">{name}</span>
        <span className="quiet block text-sm font-normal">
          {service !== null && <span className="wrap-anywhere">{service} · </span>}
          <code className="inline-block max-w-full break-all">{hint}</code>
        </span>
      </span>
    ),
  },
  { label: 'Status', cell: (key) => <KeyBadges apiKey={key} /> },
  {
    label: 'May do',
    cell: ({ kind, permissions }) => (
      <span className="block">
        {kind === 'secret' ? saySummary(permissions) : kindNames[kind]}
        {kind === 'signing' && (
          <span className="quiet block text-sm">{saySummary(permissions)}</span>
        )}
      </span>
    ),
  },
  {
    label: 'Owner',
    cell: ({ owner_name: name }) =>
      name === null ? <span className="quiet">Nobody</span> : <span>{name}</span>,
  },
  { label: 'Last used', cell: ({ last_used_at: at }) => <Used at={at} /> },
  { label: 'Ends or due', cell: (key) => <Ending apiKey={key} /> },
];

function Used({ at }: { at: string | null }): ReactNode {
  return at === null ? <span className="quiet">Never</span> : <DateTime value={at} look="ago" />;
}

/** When it ends by itself, or should be replaced, whichever is first. */
function Ending({ apiKey }: { apiKey: KeyEntry }): ReactNode {
  const end = endOf(apiKey);
  const { due_at: due } = apiKey;
  if (!isLiving(apiKey)) return <span className="quiet">–</span>;
  if (end !== null && (due === null || Date.parse(end) <= Date.parse(due))) {
    return (
      <span>
        Ends <DateTime value={end} look="ago" />
      </span>
    );
  }
  if (due === null) return <span className="quiet">Never</span>;
  return (
    <span>
      Due <DateTime value={due} look="ago" />
    </span>
  );
}

function NoKeys(): ReactNode {
  const [params] = useSearchParams();
  const can = useCan();
  const mode = useMode();
  if (params.size > 0) {
    return (
      <EmptyState
        icon="search"
        title="No key matches these filters"
        actions={<LinkButton to="/api-keys">Show all keys</LinkButton>}
      >
        Clear one of them to see more keys.
      </EmptyState>
    );
  }
  const create = (
    <LinkButton to="/api-keys/new" look="primary" icon="plus">
      Create the first key
    </LinkButton>
  );
  return (
    <EmptyState
      icon="key"
      title={`No API keys in ${mode} mode yet`}
      actions={can('keys:write') && create}
    >
      <p>
        Your server needs a secret key to take payments. Give each program a key of its own, with no
        more than it needs: then one can be replaced or stopped without touching the others.
      </p>
    </EmptyState>
  );
}
