import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'react-router';
import { takeStep } from '../../api/index.ts';
import { askPasskey } from '../../api/passkeys.ts';
import { lastEnd } from '../../api/session-end.ts';
import {
  Button,
  Form,
  Notice,
  PasswordField,
  ProblemNotice,
  TextField,
  type Values,
} from '../../ui/index.ts';
import { Bare } from './bare.tsx';

export function PasswordStep(): ReactNode {
  usePasskeyAutofill();
  const [end] = useState(lastEnd);
  const submit = ({ email, password }: Values) =>
    takeStep('/v1/sign_in/password', { email, password });
  return (
    <Bare title="Sign in" focus="field">
      {end === 'by-itself' && (
        <Notice tone="info" title="You were signed out" live>
          <p>Your session has ended. Sign in to go on where you were.</p>
        </Notice>
      )}
      {end === 'while-waiting' && (
        <Notice tone="info" title="Sign in again" live>
          <p>If your request was approved, you can enrol new factors after your password.</p>
        </Notice>
      )}
      <Form wide submit="Continue" onSubmit={submit}>
        <TextField
          name="email"
          label="Email"
          type="email"
          autoComplete="username webauthn"
          maxLength={254}
          required
          autoFocus
        />
        <PasswordField
          name="password"
          label="Password"
          autoComplete="current-password webauthn"
          required
        />
        <p className="-mt-2 text-sm">
          <Link className="link" to="/forgot-password">
            Forgot your password?
          </Link>
        </p>
      </Form>
      <Or />
      <PasskeyButton />
    </Bare>
  );
}

export function Or(): ReactNode {
  return (
    <p className="quiet flex items-center gap-3 text-sm">
      <span className="h-px grow bg-line" />
      or
      <span className="h-px grow bg-line" />
    </p>
  );
}

const passkeySignIn = async (autofill: boolean) => {
  const credential = await askPasskey('/v1/sign_in/passkey_options', autofill);
  await takeStep('/v1/sign_in/passkey', { credential });
};

/** A passkey alone is enough: it has asked for a fingerprint, a face or a PIN. */
export function PasskeyButton({ look }: { look?: 'primary' }): ReactNode {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const go = () => {
    setBusy(true);
    setFailure(undefined);
    passkeySignIn(false)
      .catch(setFailure)
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button wide icon="key" busy={busy} onClick={go} {...(look ? { look } : {})}>
        Sign in with a passkey
      </Button>
      {failure !== undefined && <ProblemNotice error={failure} />}
    </>
  );
}

/** Browsers that can offer passkeys in the email field, among what they fill in. */
function usePasskeyAutofill(): void {
  useEffect(() => {
    let wanted = true;
    const offer = async () => {
      if (!(await browserSupportsWebAuthnAutofill()) || !wanted) return;
      await passkeySignIn(true);
    };
    // Nobody has asked for it yet: that it was not used, or did not work, is nothing to tell.
    offer().catch(() => {});
    return () => {
      wanted = false;
      WebAuthnAbortService.cancelCeremony();
    };
  }, []);
}
