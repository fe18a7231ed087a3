import type { ReactNode } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { takeStep, useSession } from '../../api/index.ts';
import { safeReturn } from '../../app/return-path.ts';
import { Form, TextField, usePageTitle } from '../../ui/index.ts';

export default function SignIn(): ReactNode {
  const { data } = useSession();
  const [params] = useSearchParams();
  const heading = usePageTitle('Sign in');
  if (data?.state === 'active') return <Navigate replace to={safeReturn(params.get('return'))} />;
  const submit = ({ email, password }: Readonly<Record<string, string>>) =>
    takeStep('/v1/sign_in/password', { email, password });
  return (
    <main className="bare">
      <div className="bare-card">
        <h1 ref={heading} tabIndex={-1}>
          Sign in to PayOS
        </h1>
        <Form wide submit="Sign in" onSubmit={submit}>
          <TextField name="email" label="Email" type="email" autoComplete="username" required />
          <TextField
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            required
          />
        </Form>
      </div>
    </main>
  );
}
