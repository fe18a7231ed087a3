import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readSession } from '../../api/client.ts';
import { type Session, signOut, takeStep } from '../../api/index.ts';
import { Button, Form, Notice, TextArea, type Values } from '../../ui/index.ts';
import { Bare } from './bare.tsx';

const pollMs = 10_000;

/** Without any factor another member has to let this person enrol new ones. */
export function LostFactors({ session, below }: { session: Session; below: ReactNode }): ReactNode {
  if (session.factor_reset === 'pending') return <Waiting below={below} />;
  const submit = ({ reason }: Values) => takeStep('/v1/sign_in/factor_reset', { reason });
  return (
    <Bare
      title="Ask for new factors"
      text="Somebody who manages members must agree. They should call you first: say how."
      focus="field"
      below={below}
    >
      {session.factor_reset === 'refused' && (
        <Notice tone="warn" title="Your last request was refused">
          <p>Speak with whoever manages members before you ask again.</p>
        </Notice>
      )}
      <Form wide submit="Ask for new factors" onSubmit={submit}>
        <TextArea
          name="reason"
          label="What happened"
          hint="For example: lost my phone on Monday; reach me at extension 12."
          maxLength={500}
          required
          autoFocus
        />
      </Form>
    </Bare>
  );
}

/** Asks in the background; when somebody has decided, the next step appears by itself. */
function Waiting({ below }: { below: ReactNode }): ReactNode {
  useQuery({
    queryKey: ['session', 'factor-reset'],
    queryFn: () => readSession(true),
    refetchInterval: pollMs,
  });
  return (
    <Bare
      title="Waiting for another member"
      text="Those who manage members have been told. You can leave this page open, or come back
        and sign in with your password later."
      below={below}
    >
      <Notice tone="info" title="If it is urgent">
        <p>
          Call somebody who can see Members in the dashboard: your request is there. Whoever runs
          this installation can help, too.
        </p>
      </Notice>
      <Button wide onClick={() => void signOut()}>
        Come back later
      </Button>
    </Bare>
  );
}
