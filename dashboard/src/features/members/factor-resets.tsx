import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useActiveSession, useSend } from '../../api/index.ts';
import {
  Button,
  Card,
  Checkbox,
  ConfirmDialog,
  DateTime,
  Details,
  Dialog,
  Form,
  Icon,
  Notice,
  toast,
} from '../../ui/index.ts';
import { type FactorReset, useFactorResets } from './data.ts';

/**
 * People who lost every factor and ask to enrol new ones: an alert, since saying yes to somebody
 * else would hand them the account.
 *
 * @param of only the requests of this member
 */
export function FactorResets({ of }: { of?: string }): ReactNode {
  const { member: self } = useActiveSession();
  const { data } = useFactorResets();
  const pending = (data?.data ?? []).filter(
    ({ status, member }) => status === 'pending' && (of === undefined || of === member),
  );
  if (pending.length === 0) return null;
  return (
    <Card
      className="border-danger"
      title={
        <span className="flex items-center gap-2 text-danger">
          <Icon name="alert" />
          {pending.length === 1
            ? 'Somebody lost all factors and asks for help'
            : `${pending.length} people lost all factors and ask for help`}
        </span>
      }
      text="Whoever is let in now can act as this person. Nobody gets in unless you approve it."
    >
      <ul className="grid gap-4">
        {pending.map((reset) => (
          <li
            key={reset.id}
            className="grid gap-3 not-first:border-t not-first:border-line not-first:pt-4"
          >
            <Request reset={reset} mine={reset.member === self} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Request({ reset, mine }: { reset: FactorReset; mine: boolean }): ReactNode {
  const [asked, setAsked] = useState<'approve' | 'refuse'>();
  const { member, name, email, reason, address, created_at: at } = reset;
  const close = () => setAsked(undefined);
  return (
    <>
      <Details
        entries={[
          [
            'Who',
            <span key="who">
              <Link className="link" to={`/members/${member}`}>
                {name}
              </Link>{' '}
              <span className="quiet">{email}</span>
            </span>,
          ],
          ['What they wrote', <q key="reason">{reason}</q>],
          ['Asked', <DateTime key="at" value={at} look="ago" />],
          address === null ? undefined : ['From', <code key="address">{address}</code>],
        ]}
      />
      {mine ? (
        <p className="quiet">Somebody else has to decide about your request.</p>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setAsked('approve')}>Approve …</Button>
          <Button look="danger-plain" onClick={() => setAsked('refuse')}>
            Refuse …
          </Button>
        </div>
      )}
      {asked === 'approve' && <Approve reset={reset} onClose={close} />}
      {asked === 'refuse' && <Refuse reset={reset} onClose={close} />}
    </>
  );
}

type AskProps = { reset: FactorReset; onClose: () => void };
const refresh = ['/v1/factor_resets', '/v1/members'];

function Approve({ reset: { id, name }, onClose }: AskProps): ReactNode {
  const [sure, setSure] = useState(false);
  const approve = useSend({ path: `/v1/factor_resets/${id}/approve`, refresh });
  const send = async () => {
    await approve.mutateAsync();
    toast(`${name} may enrol new factors`, 'They sign in with their password, and enrol.');
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={`Let ${name} enrol new factors?`}>
      <Form
        onSubmit={send}
        submit="Approve"
        disabled={!sure}
        actions={<Button onClick={onClose}>Cancel</Button>}
      >
        <Notice tone="warn" title="Check that it is really them">
          <ul className="grid list-disc gap-1 pl-4">
            <li>
              Call them on a number you had before today, or meet them. Do not answer a message.
            </li>
            <li>Ask when and where they sent the request, and compare with what stands here.</li>
            <li>
              Somebody who is in a hurry, or asks you to skip this, is a reason to refuse and to
              tell your security people.
            </li>
          </ul>
        </Notice>
        <p>
          Their old factors are removed. With their password they can then enrol new ones, once. It
          stands in the audit log with your name.
        </p>
        <Checkbox
          label={`I have spoken to ${name}, and it was they who asked`}
          checked={sure}
          onChange={(event) => setSure(event.target.checked)}
        />
      </Form>
    </Dialog>
  );
}

function Refuse({ reset: { id, name }, onClose }: AskProps): ReactNode {
  const refuse = useSend({ path: `/v1/factor_resets/${id}/refuse`, refresh });
  const confirm = async () => {
    await refuse.mutateAsync();
    toast('The request was refused', `${name} stays without access.`);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Refuse the request of ${name}?`}
      action="Refuse"
      onConfirm={confirm}
    >
      <p>
        Somebody knows their password: if it was not {name} who asked, tell them to change it. They
        can ask again.
      </p>
    </ConfirmDialog>
  );
}
