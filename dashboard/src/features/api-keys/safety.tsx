import { isPermission } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import {
  Badge,
  type BadgeTone,
  Button,
  Card,
  counted,
  DateTime,
  EmptyState,
  ErrorState,
  type IconName,
  LinkButton,
  LoadingRows,
} from '../../ui/index.ts';
import { type Finding, type Safety, useSafety, whyNotRotate } from './data.ts';
import { RevokeDialog } from './key-dialogs.tsx';
import { KeysHeader } from './keys-header.tsx';
import { NarrowDialog } from './narrow-dialog.tsx';

/** What could be safer about the keys of the mode, with the fix beside each line. */
export default function KeySafety(): ReactNode {
  const safety = useSafety();
  return (
    <>
      <KeysHeader page="safety" />
      {safety.isPending && <LoadingRows rows={6} />}
      {safety.isError && <ErrorState error={safety.error} onRetry={() => void safety.refetch()} />}
      {safety.isSuccess && <Found safety={safety.data} />}
    </>
  );
}

type Severity = Finding['severity'];

const severities: readonly { severity: Severity; title: string; text: string }[] = [
  { severity: 'high', title: 'Do it today', text: 'Somebody could use these against you.' },
  { severity: 'medium', title: 'Do it soon', text: 'These make a mistake or a leak worse.' },
  { severity: 'low', title: 'Tidy up', text: 'Small things that add up.' },
];

function Found({ safety }: { safety: Safety }): ReactNode {
  const [fixing, setFixing] = useState<Finding>();
  const { data, keys, checked_at: at } = safety;
  const looked = (
    <>
      {counted(keys, 'key')} looked at, <DateTime value={at} look="ago" />.
    </>
  );
  if (data.length === 0) return <AllClear>{looked}</AllClear>;
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="quiet text-sm">{looked}</p>
      {severities.map(({ severity, title, text }) => {
        const own = data.filter((one) => one.severity === severity);
        if (own.length === 0) return null;
        return (
          <Card key={severity} flush title={title} text={text}>
            <ul className="rows px-4.5">
              {own.map((one) => (
                <Line key={`${one.key.id} ${one.finding}`} finding={one} onFix={setFixing} />
              ))}
            </ul>
          </Card>
        );
      })}
      {fixing !== undefined && <Fixing finding={fixing} onClose={() => setFixing(undefined)} />}
    </div>
  );
}

function AllClear({ children }: { children: ReactNode }): ReactNode {
  return (
    <Card>
      <EmptyState icon="shield" title="Nothing to do">
        <p>Every key has an end, an owner who may do what it does, and no more than it uses.</p>
        <p>{children}</p>
      </EmptyState>
    </Card>
  );
}

const words: Readonly<Record<Finding['finding'], string>> = {
  exposed: 'Exposed',
  overdue: 'Overdue',
  due_soon: 'Due soon',
  beyond_owner: 'Beyond its owner',
  owner_gone: 'Owner is gone',
  shared: 'Shared by several',
  shared_environments: 'Shared by environments',
  unused: 'Not used',
  unused_permissions: 'May more than it does',
  too_broad: 'Too broad',
  no_ip_ranges: 'Any address',
  no_origins: 'Any page',
  never_expires: 'Never ends',
  no_service: 'No service named',
};
const sayFinding = ({ finding, key }: Finding) =>
  finding === 'owner_gone' && key.owner === null ? 'No owner' : (words[finding] ?? finding);

const looks: Readonly<Record<Severity, { tone: BadgeTone; icon: IconName }>> = {
  high: { tone: 'danger', icon: 'alert' },
  medium: { tone: 'warn', icon: 'alert' },
  low: { tone: 'neutral', icon: 'info' },
};

type LineProps = { finding: Finding; onFix: (finding: Finding) => void };

function Line({ finding: found, onFix }: LineProps): ReactNode {
  const { key, severity, detail } = found;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
      <div className="grid min-w-0 flex-1 basis-72 gap-0.5">
        <p className="flex flex-wrap items-center gap-2">
          <Badge {...looks[severity]}>{sayFinding(found)}</Badge>
          <Link className="link min-w-0 font-medium wrap-anywhere" to={`/api-keys/${key.id}`}>
            {key.name}
          </Link>
        </p>
        <p className="quiet text-sm">{detail}</p>
      </div>
      <Fix found={found} onFix={() => onFix(found)} />
    </li>
  );
}

/** What cannot be rotated any more is ended. */
const fixOf = ({ key, fix }: Finding): Finding['fix'] =>
  fix === 'rotate' && whyNotRotate(key) !== undefined ? 'revoke' : fix;

/** The button that does it, or leads to where it is done; for those who may. */
function Fix({ found, onFix }: { found: Finding; onFix: () => void }): ReactNode {
  const can = useCan();
  const { key, permissions } = found;
  const fix = fixOf(found);
  const page = `/api-keys/${key.id}`;
  if (!can(fix === 'revoke' ? 'keys:revoke' : 'keys:write')) return null;
  const about = <span className="sr-only"> of {key.name}</span>;
  // A key without any permission is none: then somebody has to choose.
  const some = permissions.length > 0 && permissions.length < key.permissions.length;
  if (fix === 'revoke' || (fix === 'narrow' && some)) {
    const text =
      fix === 'revoke' ? 'Revoke …' : `Take away ${counted(permissions.length, 'permission')} …`;
    return (
      <Button size="small" look={fix === 'revoke' ? 'danger-plain' : 'plain'} onClick={onFix}>
        {text}
        {about}
      </Button>
    );
  }
  const [to, text] = {
    rotate: [`${page}/rotate`, 'Rotate'],
    restrict_addresses: [`${page}/edit?at=ip_ranges`, 'Name addresses'],
    set_expiry: [`${page}/edit?at=expires_at`, 'Set an end'],
    edit: [`${page}/edit`, 'Edit'],
    narrow: [`${page}/edit`, 'Choose permissions'],
  }[fix] as [string, string];
  return (
    <LinkButton size="small" to={to}>
      {text}
      {about}
    </LinkButton>
  );
}

function Fixing({ finding, onClose }: { finding: Finding; onClose: () => void }): ReactNode {
  const { key, permissions } = finding;
  if (fixOf(finding) === 'revoke') return <RevokeDialog apiKey={key} onClose={onClose} />;
  const names = permissions.filter(isPermission);
  return <NarrowDialog apiKey={key} names={names} onClose={onClose} />;
}
