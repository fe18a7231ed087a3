import type { schemas } from 'payos-contract';
import { type ChangeEvent, type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { takeStep } from '../../api/index.ts';
import { Form, LoadingRows, NewPasswordField, TextField, type Values } from '../../ui/index.ts';
import { Bare } from './bare.tsx';
import { DeadLink } from './dead-link.tsx';
import { useLinkToken } from './link-token.ts';
import { useLink } from './use-link.ts';

type Personal = Readonly<Record<string, string>>;

/** The first person of an installation makes their account, and names the organization. */
export default function SetUp(): ReactNode {
  const token = useLinkToken();
  const link = useLink<schemas.SetupPreview>('/v1/setup/lookup', token);
  const navigate = useNavigate();
  const [personal, setPersonal] = useState<Personal>({});
  if (link.isError) {
    return (
      <DeadLink
        error={link.error}
        onRetry={() => void link.refetch()}
        advice="Start PayOS again: while nobody owns the organization it prints a new set-up link."
      />
    );
  }
  const submit = async ({ organization, name, email, password }: Values) => {
    await takeStep('/v1/setup', { token, organization, name, email, password });
    await navigate('/sign-in', { replace: true });
  };
  const learn = (event: ChangeEvent<HTMLInputElement>) =>
    setPersonal({ ...personal, [event.target.name]: event.target.value });
  return (
    <Bare
      title="Set up PayOS"
      text="Make your account. You will own the organization, and can invite others."
      focus="field"
    >
      {link.isPending ? (
        <LoadingRows rows={4} />
      ) : (
        <Form wide submit="Continue" onSubmit={submit}>
          <TextField
            name="organization"
            label="Organization"
            onChange={learn}
            hint="Your business, as your team calls it."
            defaultValue={link.data.organization.name}
            autoComplete="organization"
            maxLength={200}
            required
          />
          <TextField
            name="name"
            label="Your name"
            onChange={learn}
            autoComplete="name"
            maxLength={200}
            required
          />
          <TextField
            name="email"
            label="Email"
            onChange={learn}
            type="email"
            autoComplete="username"
            maxLength={254}
            required
          />
          <NewPasswordField personal={Object.values(personal)} />
        </Form>
      )}
    </Bare>
  );
}
