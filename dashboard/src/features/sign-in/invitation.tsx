import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { signOut, takeStep, useSession } from '../../api/index.ts';
import {
  Button,
  DateTime,
  Details,
  Form,
  LinkButton,
  LoadingRows,
  NewPasswordField,
  Notice,
  TextField,
  type Values,
} from '../../ui/index.ts';
import { Bare } from './bare.tsx';
import { DeadLink } from './dead-link.tsx';
import { useLinkToken } from './link-token.ts';
import { useLink } from './use-link.ts';

/** Somebody was invited: with a new account, or with the one they have. */
export default function Invitation(): ReactNode {
  const token = useLinkToken();
  const link = useLink<schemas.InvitationPreview>('/v1/invitations/lookup', token);
  if (link.isError) {
    return (
      <DeadLink
        error={link.error}
        onRetry={() => void link.refetch()}
        advice="Ask whoever invited you for a new link."
      />
    );
  }
  if (link.isPending) {
    return (
      <Bare title="Your invitation">
        <LoadingRows rows={4} />
      </Bare>
    );
  }
  const { organization, invited_by: inviter } = link.data;
  return (
    <Bare title={`Join ${organization}`} text={`${inviter} has invited you.`}>
      <Terms invitation={link.data} />
      <Answer invitation={link.data} token={token} />
    </Bare>
  );
}

function Terms({ invitation }: { invitation: schemas.InvitationPreview }): ReactNode {
  const { email, roles, expires_at: expires } = invitation;
  return (
    <Details
      entries={[
        [
          'For',
          <span key="email" className="break-all">
            {email}
          </span>,
        ],
        roles.live === null ? undefined : ['Role, live', roles.live],
        roles.test === null ? undefined : ['Role, test', roles.test],
        ['Until', <DateTime key="until" value={expires} />],
      ]}
    />
  );
}

type AnswerProps = { invitation: schemas.InvitationPreview; token: string };

function Answer({ invitation, token }: AnswerProps): ReactNode {
  const { data: session } = useSession();
  const { pathname, hash } = useLocation();
  const isOwn = session?.account?.email.toLowerCase() === invitation.email.toLowerCase();
  if (session?.state === 'active' && isOwn) return <Join token={token} />;
  if (session?.state === 'active') {
    return (
      <>
        <Notice tone="warn" title={`You are signed in as ${session.account?.email ?? ''}`}>
          <p>The invitation is for somebody else. Sign out, then open the link again.</p>
        </Notice>
        <Button wide onClick={() => void signOut()}>
          Sign out
        </Button>
      </>
    );
  }
  const back = new URLSearchParams({ return: pathname + hash });
  if (invitation.account_exists === false) {
    return <NewAccount invitation={invitation} token={token} />;
  }
  return (
    <>
      <p>
        {invitation.account_exists === null
          ? 'If you have an account with this address, sign in, then accept.'
          : 'You have an account with this address already: sign in, then accept.'}
      </p>
      <LinkButton to={`/sign-in?${back}`} look="primary" wide>
        Sign in to accept
      </LinkButton>
      {invitation.account_exists === null && (
        <>
          <p>If you have none, make one.</p>
          <NewAccount invitation={invitation} token={token} />
        </>
      )}
    </>
  );
}

function Join({ token }: { token: string }): ReactNode {
  const navigate = useNavigate();
  const accept = async () => {
    await takeStep('/v1/invitations/accept', { token });
    await navigate('/', { replace: true });
  };
  return (
    <Form wide submit="Accept the invitation" onSubmit={accept}>
      {null}
    </Form>
  );
}

function NewAccount({ invitation, token }: AnswerProps): ReactNode {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const submit = async ({ password }: Values) => {
    await takeStep('/v1/invitations/accept', { token, name, password });
    await navigate('/sign-in', { replace: true });
  };
  return (
    <Form wide submit="Make your account" onSubmit={submit}>
      <input type="email" autoComplete="username" value={invitation.email} readOnly hidden />
      <TextField
        name="name"
        label="Your name"
        autoComplete="name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        required
      />
      <NewPasswordField personal={[name, invitation.email, invitation.organization]} />
    </Form>
  );
}
