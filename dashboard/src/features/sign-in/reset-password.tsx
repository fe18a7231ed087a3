import { type ReactNode, useState } from 'react';
import { ask, isProblem } from '../../api/index.ts';
import { Form, LinkButton, NewPasswordField, type Values } from '../../ui/index.ts';
import { Bare } from './bare.tsx';
import { DeadLink } from './dead-link.tsx';
import { useLinkToken } from './link-token.ts';

/** A new password by a mailed link. The second factor is still asked for afterwards. */
export default function ResetPassword(): ReactNode {
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  const [dead, setDead] = useState<unknown>();
  if (dead !== undefined || token === '') {
    return (
      <DeadLink
        error={dead}
        onRetry={() => setDead(undefined)}
        advice="Ask for a new link: “Forgot your password?” on the sign-in page."
      />
    );
  }
  if (done) {
    return (
      <Bare title="Your password was changed" text="All your sessions have ended.">
        <LinkButton to="/sign-in" look="primary" wide>
          Sign in
        </LinkButton>
      </Bare>
    );
  }
  const submit = async ({ password }: Values) => {
    const body = { token, password };
    try {
      await ask('/v1/password_resets/confirm', { method: 'POST', body });
      setDone(true);
    } catch (error) {
      if (!isProblem(error, 'link_invalid')) throw error;
      setDead(error);
    }
  };
  return (
    <Bare title="Choose a new password" focus="field">
      <Form wide submit="Change the password" onSubmit={submit}>
        <NewPasswordField label="New password" autoFocus />
      </Form>
    </Bare>
  );
}
