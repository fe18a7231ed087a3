import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { isProblem, useCan, useMode } from '../../api/index.ts';
import { NotFound } from '../../app/not-found.tsx';
import {
  Card,
  CopyableId,
  counted,
  DateTime,
  Details,
  ErrorState,
  LinkButton,
  LoadingPage,
  Notice,
  PageHeader,
} from '../../ui/index.ts';
import { DeveloperButton, lastList } from '../activity/index.ts';
import { useRoles } from '../roles/index.ts';
import { isLocked, type Member, useMember, useMembers } from './data.ts';
import { FactorResets } from './factor-resets.tsx';
import { MemberActs } from './member-acts.tsx';
import { MemberRoles } from './member-roles.tsx';
import { factorText, StatusBadges } from './status-badges.tsx';

/** One person in the organization. */
export default function MemberPage(): ReactNode {
  const { id = '' } = useParams();
  const member = useMember(id);
  if (isProblem(member.error, 'not_found', 'invalid_request')) return <NotFound />;
  if (member.isError && member.data === undefined) {
    return <ErrorState error={member.error} onRetry={() => void member.refetch()} />;
  }
  return member.data === undefined ? <LoadingPage /> : <Shown member={member.data} />;
}

function Shown({ member }: { member: Member }): ReactNode {
  const can = useCan();
  const roles = useRoles();
  return (
    <>
      <PageHeader
        title={member.name}
        after={<StatusBadges member={member} />}
        text={<span className="break-all">{member.email}</span>}
        parent={{ to: lastList('/members'), label: 'Members' }}
        actions={
          <>
            {can('audit_log:read') && (
              <LinkButton to={`/audit-log?actor=${member.id}`} icon="list">
                What they did
              </LinkButton>
            )}
            <DeveloperButton id={member.id} path={`/v1/members/${member.id}`} value={member} />
            <MemberActs member={member} />
          </>
        }
      />
      <div className="grid grid-cols-1 gap-5">
        <FactorResets of={member.id} />
        {isLocked(member) && <Locked member={member} />}
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
          <MemberRoles member={member} roles={roles.data?.data} />
          <div className="grid grid-cols-1 gap-5">
            <SignIn member={member} />
            <About member={member} />
          </div>
        </div>
      </div>
    </>
  );
}

function Locked({ member }: { member: Member }): ReactNode {
  return (
    <Notice tone="danger" title="Locked after ten wrong tries">
      <p>
        Nobody can sign in to this account until{' '}
        {member.locked_until !== null && <DateTime value={member.locked_until} />}. Before you
        unlock it, make sure with {member.name} that it was they who tried.
      </p>
    </Notice>
  );
}

function SignIn({ member }: { member: Member }): ReactNode {
  const { factors, sessions, last_seen_at: seen } = member;
  const can = useCan();
  return (
    <Card
      title="Signing in"
      foot={can('audit_log:read') ? <SignInLinks member={member} /> : undefined}
    >
      <Details
        entries={[
          ['Factors', factorText(member)],
          ['Recovery codes', `${factors.recovery_codes} left`],
          ['Open sessions', sessions === 0 ? 'None' : counted(sessions, 'session')],
          ['Last seen', seen === null ? 'Never' : <DateTime key="seen" value={seen} look="ago" />],
        ]}
      />
    </Card>
  );
}

function SignInLinks({ member: { account } }: { member: Member }): ReactNode {
  const wrong = new URLSearchParams({ action: 'sign_in.fail', object_id: account });
  return (
    <p className="flex flex-wrap gap-x-4 text-sm">
      <Link className="link" to={`/audit-log?actor=${account}`}>
        Sign-ins
      </Link>
      <Link className="link" to={`/audit-log?${wrong}`}>
        Wrong tries
      </Link>
    </p>
  );
}

function About({ member }: { member: Member }): ReactNode {
  const { id, invited_by: inviter, created_at: created, disabled_at: disabled } = member;
  const members = useMembers();
  const can = useCan();
  const mode = useMode();
  const name = members.data?.data.find((one) => one.id === inviter)?.name;
  const invited =
    inviter === null ? (
      'Nobody: set the organization up'
    ) : (
      <Link className="link" to={`/members/${inviter}`}>
        {name ?? inviter}
      </Link>
    );
  return (
    <Card title="About">
      <Details
        entries={[
          ['Id', <CopyableId key="id" id={id} />],
          ['Joined', <DateTime key="created" value={created} />],
          ['Invited by', invited],
          can('keys:read')
            ? [
                'API keys',
                <Link key="keys" className="link" to={`/api-keys?owner=${id}`}>
                  Theirs in {mode} mode
                </Link>,
              ]
            : undefined,
          disabled === null ? undefined : ['Disabled', <DateTime key="off" value={disabled} />],
        ]}
      />
    </Card>
  );
}
