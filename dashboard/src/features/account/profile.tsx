import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { readSession } from '../../api/client.ts';
import { ask, takeSession, useActiveSession } from '../../api/index.ts';
import {
  Button,
  Card,
  DateTime,
  Form,
  NewPasswordField,
  Notice,
  PasswordField,
  TextField,
  toast,
  type Values,
} from '../../ui/index.ts';
import { LeaveCard } from '../members/index.ts';
import { AccountPage } from './account-page.tsx';

export default function Profile(): ReactNode {
  const { account } = useActiveSession();
  if (account === null) return null;
  return (
    <AccountPage title="Your account">
      <NameCard account={account} />
      <EmailCard account={account} />
      <PasswordCard account={account} />
      <LeaveCard />
    </AccountPage>
  );
}

type CardProps = { account: schemas.Account };

function NameCard({ account }: CardProps): ReactNode {
  const save = async ({ name }: Values) => {
    await ask('/v1/account', { method: 'PATCH', body: { name } });
    await readSession(false);
    toast('Your name was changed');
  };
  return (
    <Card title="Name" text="How others see you in the dashboard and in the audit log.">
      <Form submit="Save" onSubmit={save}>
        <TextField
          name="name"
          label="Name"
          autoComplete="name"
          defaultValue={account.name}
          maxLength={200}
          required
        />
      </Form>
    </Card>
  );
}

function EmailCard({ account }: CardProps): ReactNode {
  const { mail } = useActiveSession();
  const [open, setOpen] = useState(false);
  const [sentTo, setSentTo] = useState<string>();
  const send = async ({ email = '', current = '' }: Values) => {
    const body = { email, password: current };
    await ask('/v1/account/email', { method: 'POST', body });
    setOpen(false);
    setSentTo(email);
  };
  return (
    <Card
      title="Email"
      text={<span className="break-all">{account.email}</span>}
      actions={mail && !open && <Button onClick={() => setOpen(true)}>Change</Button>}
    >
      {!mail && (
        <p className="quiet">
          The address can be changed once this installation can send mail: the new one must prove
          that it is yours.
        </p>
      )}
      {sentTo !== undefined && !open && (
        <Notice tone="ok" title={`A link is on its way to ${sentTo}`} live>
          <p>The address changes when you open it. Until then you sign in with the old one.</p>
        </Notice>
      )}
      {mail && sentTo === undefined && !open && (
        <p className="quiet">You sign in with it, and warnings about your account go there.</p>
      )}
      {open && (
        <Form
          submit="Send the link"
          onSubmit={send}
          actions={<Button onClick={() => setOpen(false)}>Cancel</Button>}
        >
          <TextField
            name="email"
            label="New email"
            type="email"
            autoComplete="email"
            maxLength={254}
            required
            autoFocus
          />
          <PasswordField
            name="current"
            label="Your password"
            autoComplete="current-password"
            required
          />
        </Form>
      )}
    </Card>
  );
}

function PasswordCard({ account }: CardProps): ReactNode {
  const [open, setOpen] = useState(false);
  const save = async ({ current_password, password }: Values) => {
    const body = { current_password, password };
    const answer = await ask<unknown>('/v1/account/password', { method: 'POST', body });
    if (isSession(answer)) takeSession(answer);
    else await readSession(false);
    setOpen(false);
    toast('Your password was changed', 'Your other sessions have ended.');
  };
  return (
    <Card
      title="Password"
      text={
        <>
          Changed <DateTime value={account.password_changed_at} look="ago" />
        </>
      }
      actions={!open && <Button onClick={() => setOpen(true)}>Change</Button>}
    >
      {open ? (
        <Form
          submit="Change the password"
          onSubmit={save}
          actions={<Button onClick={() => setOpen(false)}>Cancel</Button>}
        >
          <input type="email" autoComplete="username" value={account.email} readOnly hidden />
          <PasswordField
            name="current_password"
            label="Present password"
            autoComplete="current-password"
            required
            autoFocus
          />
          <NewPasswordField label="New password" personal={[account.name, account.email]} />
        </Form>
      ) : (
        <p className="quiet">Changing it ends your sessions on other devices.</p>
      )}
    </Card>
  );
}

const isSession = (answer: unknown): answer is schemas.Session =>
  typeof answer === 'object' && answer !== null && 'state' in answer;
