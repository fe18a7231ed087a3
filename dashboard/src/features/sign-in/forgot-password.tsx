import { type ReactNode, useState } from 'react';
import { ask, useSession } from '../../api/index.ts';
import { Form, LinkButton, Notice, TextField, type Values } from '../../ui/index.ts';
import { Bare } from './bare.tsx';

/** Asks for a link. The answer is the same whether there is such an account or not. */
export default function ForgotPassword(): ReactNode {
  const { data } = useSession();
  const [sentTo, setSentTo] = useState<string>();
  const back = (
    <LinkButton to="/sign-in" look="quiet" icon="chevron-left">
      Back to sign-in
    </LinkButton>
  );
  if (data?.mail === false) {
    return (
      <Bare title="Reset your password" below={back}>
        <Notice tone="warn" title="This installation cannot send mail">
          <p>
            Whoever runs it can make a link for you on the machine itself, with{' '}
            <code>npx payos accounts password-link</code>. A passkey signs you in without a
            password.
          </p>
        </Notice>
      </Bare>
    );
  }
  if (sentTo !== undefined) {
    return (
      <Bare title="Look at your mail" below={back}>
        <p>
          If <strong className="break-all">{sentTo}</strong> belongs to an account, a link is on its
          way. It works once, and for a short time. Your second factor stays as it is.
        </p>
      </Bare>
    );
  }
  const submit = async ({ email = '' }: Values) => {
    await ask('/v1/password_resets', { method: 'POST', body: { email } });
    setSentTo(email);
  };
  return (
    <Bare
      title="Reset your password"
      text="We mail you a link with which you choose a new one."
      focus="field"
      below={back}
    >
      <Form wide submit="Send the link" onSubmit={submit}>
        <TextField
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          maxLength={254}
          required
          autoFocus
        />
      </Form>
    </Bare>
  );
}
