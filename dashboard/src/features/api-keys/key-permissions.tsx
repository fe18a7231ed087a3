import { isPermission, type Permission, permissions } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useCan } from '../../api/index.ts';
import {
  Badge,
  Button,
  Card,
  counted,
  DateTime,
  ErrorState,
  formatNumber,
  LoadingRows,
} from '../../ui/index.ts';
import { permissionGroups } from '../roles/index.ts';
import { isLiving, type KeyDetail, type KeyUsage, permissionsOf, useUsage } from './data.ts';
import { NarrowDialog } from './narrow-dialog.tsx';
import { presetOf } from './presets.ts';

type Used = KeyUsage['permissions'][number];

/** What a key may do, which of it it does, and the button that takes the rest away. */
export function KeyPermissions({ apiKey }: { apiKey: KeyDetail }): ReactNode {
  const usage = useUsage(apiKey.id);
  const can = useCan();
  const [asked, setAsked] = useState(false);
  const unused = (usage.data?.permissions ?? [])
    .filter((one) => one.unused)
    .map(({ permission }) => permission)
    .filter(isPermission);
  const held = permissionsOf(apiKey);
  const mayNarrow = can('keys:write') && isLiving(apiKey) && unused.length < held.length;
  return (
    <Card
      flush
      title="What it may do"
      text={[presetOf(held)?.name, counted(held.length, 'permission')].filter(Boolean).join(' · ')}
      actions={
        mayNarrow && unused.length > 0 ? (
          <Button size="small" icon="minus" onClick={() => setAsked(true)}>
            Take away {formatNumber(unused.length)} unused
          </Button>
        ) : undefined
      }
    >
      {usage.isPending && <LoadingRows rows={4} />}
      {usage.isError && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isSuccess && <Groups held={held} used={usage.data.permissions} />}
      {asked && <NarrowDialog apiKey={apiKey} names={unused} onClose={() => setAsked(false)} />}
    </Card>
  );
}

function Groups({ held, used }: { held: Permission[]; used: readonly Used[] }): ReactNode {
  const groups = permissionGroups().flatMap(({ group, names }) => {
    const own = names.filter((name) => held.includes(name));
    return own.length === 0 ? [] : [{ group, names: own }];
  });
  return (
    <div className="grid gap-4 px-4.5 py-4">
      {groups.map(({ group, names }) => (
        <section key={group}>
          <h3 className="mb-1">{group}</h3>
          <ul className="rows">
            {names.map((name) => (
              <li key={name} className="row">
                <span className="min-w-0" title={name}>
                  {permissions[name].text}
                </span>
                <Use use={used.find(({ permission }) => permission === name)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Use({ use }: { use: Used | undefined }): ReactNode {
  const at = use?.last_used_at ?? null;
  return (
    <span className="quiet inline-flex flex-wrap items-center gap-x-2 text-sm">
      {at === null ? (
        'Never used'
      ) : (
        <span>
          Used <DateTime value={at} look="ago" />
        </span>
      )}
      {use?.unused === true && <Badge tone="warn">Unused</Badge>}
    </span>
  );
}
