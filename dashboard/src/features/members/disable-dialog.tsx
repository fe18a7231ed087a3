import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useRead, useSend } from '../../api/index.ts';
import {
  Badge,
  Checkbox,
  Choices,
  ConfirmDialog,
  counted,
  ErrorState,
  Skeleton,
  toast,
} from '../../ui/index.ts';
import type { Member } from './data.ts';

type Props = { member: Member; onClose: () => void };
type Key = schemas.ApiKey;

/** Shows what ends with a member, lets choose which of their keys do, and asks for their name. */
export function DisableDialog({ member, onClose }: Props): ReactNode {
  const departure = useRead<schemas.Departure>(`/v1/members/${member.id}/departure`);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const keys = departure.data?.api_keys ?? [];
  const ending = keys.map(({ id }) => id).filter((id) => !kept.has(id));
  const disable = useSend<Member, { revoke_api_keys: string[] }>({
    path: `/v1/members/${member.id}/disable`,
    refresh: ['/v1/members', '/v1/invitations'],
  });
  const confirm = async () => {
    // A list that has not come is asked for first: nobody disables without having seen it.
    if (departure.data === undefined) throw departure.error ?? new Error('Not loaded yet.');
    await disable.mutateAsync({ revoke_api_keys: ending });
    toast(`${member.name} was disabled`, 'Their sessions have ended.');
  };
  const keep = (id: string, on: boolean) => {
    const one = new Set([id]);
    setKept((before) => (on ? before.union(one) : before.difference(one)));
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Disable ${member.name}?`}
      action={`Disable ${member.name}`}
      typed={member.name}
      onConfirm={confirm}
    >
      {departure.isError && <ErrorState error={departure.error} />}
      {departure.isPending && <Skeleton height="6rem" />}
      {departure.isSuccess && (
        <Ending departure={departure.data} kept={kept} onKeep={keep} count={ending.length} />
      )}
    </ConfirmDialog>
  );
}

type EndingProps = {
  departure: schemas.Departure;
  kept: ReadonlySet<string>;
  onKeep: (id: string, on: boolean) => void;
  count: number;
};

function Ending({ departure, kept, onKeep, count }: EndingProps): ReactNode {
  const { sessions, invitations, api_keys: keys } = departure;
  return (
    <>
      <p>They lose access at once, and with it end, in one step:</p>
      <ul className="list-disc pl-5">
        <li>{sessions === 0 ? 'no sessions' : counted(sessions, 'open session')}</li>
        <li>
          {invitations === 0 ? 'no invitations' : counted(invitations, 'open invitation')} they made
        </li>
        <li>{count === 0 ? 'no API keys' : counted(count, 'API key')}</li>
      </ul>
      {keys.length > 0 && (
        <Choices legend="API keys that are theirs alone: revoke">
          {keys.map((key) => (
            <KeyChoice
              key={key.id}
              apiKey={key}
              revoked={!kept.has(key.id)}
              onChange={(revoked) => onKeep(key.id, !revoked)}
            />
          ))}
          <p className="field-hint">
            Whatever still uses a revoked key stops working at once. A key you keep still works for
            whoever knows it.
          </p>
        </Choices>
      )}
      <p className="quiet text-sm">They can be enabled again. What ended stays ended.</p>
    </>
  );
}

type ChoiceProps = { apiKey: Key; revoked: boolean; onChange: (revoked: boolean) => void };

function KeyChoice({ apiKey: { name, hint, mode }, revoked, onChange }: ChoiceProps): ReactNode {
  return (
    <Checkbox
      label={
        <span className="inline-flex flex-wrap items-center gap-2">
          {name}
          <Badge tone={mode === 'test' ? 'test' : 'neutral'}>{mode}</Badge>
        </span>
      }
      hint={<code className="break-all">{hint}</code>}
      checked={revoked}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
