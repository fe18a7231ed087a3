import type { Problem } from 'payos-contract';
import type { ReactNode } from 'react';
import { queryClient } from '../api/query-client.ts';
import { forgetRefusal } from '../api/refusal.ts';
import { useActiveSession } from '../api/session.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { usePageTitle } from '../ui/page.tsx';
import { EmptyState } from '../ui/surface.tsx';

type Words = { title: string; advice: string; to?: string; label?: string };

const names: Readonly<Record<string, string>> = {
  passkey: 'a passkey',
  totp: 'a code from an authenticator app',
};

function wordsOf({ code, detail }: Pick<Problem, 'code' | 'detail'>): Words {
  if (code === 'factor_not_allowed') {
    const kinds = Object.keys(names).filter((kind) => detail.includes(kind));
    const allowed = kinds.map((kind) => names[kind]).join(' or ');
    return {
      title: `Your organization now asks for ${allowed || 'another factor'}`,
      advice: 'Enrol one if you have none yet, then sign out and sign in with it.',
      to: '/account/factors',
      label: 'Go to your factors',
    };
  }
  if (code === 'network_refused') {
    return {
      title: 'Your organization does not allow the dashboard from this network',
      advice: 'Connect from a network that is allowed, or ask an owner to add yours.',
    };
  }
  if (code === 'email_domain_refused') {
    return {
      title: 'Your organization now asks for an email address of another domain',
      advice: `${detail} Change the address of your account.`,
      to: '/account',
      label: 'Go to your account',
    };
  }
  return {
    title: 'You do not belong to an organization',
    advice: 'Ask somebody there to invite you, then open the link that you get.',
  };
}

/** Stands instead of every page that the organization shows nothing of. */
export function Refused({ problem }: { problem: Pick<Problem, 'code' | 'detail'> }): ReactNode {
  const { title, advice, to, label } = wordsOf(problem);
  const heading = usePageTitle('Not let in');
  const { organizations } = useActiveSession();
  const again = () => {
    forgetRefusal();
    void queryClient.invalidateQueries();
  };
  return (
    <div className="card">
      <h1 ref={heading} tabIndex={-1} className="sr-only">
        Not let in
      </h1>
      <EmptyState
        icon="lock"
        title={title}
        actions={
          <>
            {to !== undefined && (
              <LinkButton to={to} look="primary">
                {label}
              </LinkButton>
            )}
            <Button icon="refresh" onClick={again}>
              Try again
            </Button>
          </>
        }
      >
        <p>{advice}</p>
        {organizations.length > 1 && <p>Your other organizations are in the menu at the top.</p>}
      </EmptyState>
    </div>
  );
}
