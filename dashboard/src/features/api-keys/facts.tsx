import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import { Card, DateTime, Details, formatMoney, formatNumber } from '../../ui/index.ts';
import { ObjectLink } from '../activity/index.ts';
import type { KeyDetail } from './data.ts';
import { kindNames } from './status-badge.tsx';

type Props = { apiKey: KeyDetail };

/** What a key is, beside what it does. */
export function Facts({ apiKey }: Props): ReactNode {
  return (
    <div className="aside">
      <Card title="About">
        <About apiKey={apiKey} />
      </Card>
      <Card title="Limits">
        <Limits apiKey={apiKey} />
      </Card>
    </div>
  );
}

function About({ apiKey }: Props): ReactNode {
  const { owner, owner_name: ownerName, service, expires_at: ends, due_at: due } = apiKey;
  const { last_used_at: used, predecessor, successor } = apiKey;
  return (
    <Details
      entries={[
        ['Kind', kindNames[apiKey.kind]],
        [
          'Looks like',
          <code key="hint" className="break-all">
            {apiKey.hint}
          </code>,
        ],
        ['Service', service ?? <None key="service">None named</None>],
        ['Owner', <Owner key="owner" id={owner} name={ownerName} />],
        ['Created', <DateTime key="created" value={apiKey.created_at} />],
        ['Last used', used === null ? 'Never' : <DateTime key="used" value={used} look="ago" />],
        ['Ends', ends === null ? 'Never' : <DateTime key="ends" value={ends} />],
        overlapOf(apiKey),
        successor === null
          ? undefined
          : ['Replaced by', <ObjectLink key="successor" id={successor} />],
        due === null ? undefined : ['Due', <DateTime key="due" value={due} />],
        predecessor === null
          ? undefined
          : ['Replaces', <ObjectLink key="predecessor" id={predecessor} />],
        ['API version', apiKey.api_version],
      ]}
    />
  );
}

/** How long it works beside its successor, or worked until it ended by that. */
function overlapOf({ status, retires_at: until }: KeyDetail): [string, ReactNode] | undefined {
  if (until === null || (status !== 'retiring' && status !== 'expired')) return undefined;
  const label = status === 'retiring' ? 'Both work until' : 'Both worked until';
  return [label, <DateTime key="overlap" value={until} />];
}

const None = ({ children }: { children: string }) => <span className="quiet">{children}</span>;

function Owner({ id, name }: { id: string | null; name: string | null }): ReactNode {
  const can = useCan();
  if (id === null) return <None>Nobody</None>;
  if (!can('members:read')) return name ?? id;
  return (
    <Link className="link" to={`/members/${id}`}>
      {name ?? id}
    </Link>
  );
}

function Limits({ apiKey }: Props): ReactNode {
  const { kind, ip_ranges: ranges, allowed_origins: origins, customers, rate_limit: rate } = apiKey;
  const open = kind === 'publishable';
  return (
    <Details
      entries={[
        open
          ? ['Pages', <Lines key="origins" lines={origins} none="Every page" />]
          : ['Addresses', <Lines key="ranges" lines={ranges} none="Every address" />],
        open ? undefined : ['Amounts', <Amounts key="amounts" limits={apiKey.amount_limits} />],
        open ? undefined : ['Customers', <Lines key="customers" lines={customers} none="Any" />],
        [
          'Requests',
          rate === null ? 'As this installation allows' : `${formatNumber(rate)} per second`,
        ],
      ]}
    />
  );
}

function Lines({ lines, none }: { lines: readonly string[]; none: string }): ReactNode {
  if (lines.length === 0) return <None>{none}</None>;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>
          <code className="break-all">{line}</code>
        </li>
      ))}
    </ul>
  );
}

function Amounts({ limits }: { limits: KeyDetail['amount_limits'] }): ReactNode {
  if (limits.length === 0) return <None>Any</None>;
  return (
    <ul>
      {limits.map(({ currency, per_payment: one, per_day: day }) => (
        <li key={currency}>
          {one === null && day === null && `Any in ${currency}`}
          {one !== null && `${formatMoney(one, currency)} per payment`}
          {one !== null && day !== null && ', '}
          {day !== null && `${formatMoney(day, currency)} per day`}
        </li>
      ))}
    </ul>
  );
}
