import { stepUpMinutes } from 'payos-contract';
import { type ReactNode, useEffect, useState } from 'react';
import { askPasskey } from '../api/passkeys.ts';
import { takeStep, useActiveSession } from '../api/session.ts';
import { onStepUp } from '../api/step-up.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';

type Method = 'passkey' | 'totp' | 'password';
type Asked = { methods: Method[]; answer: (given: boolean) => void };

const names: Record<Method, string> = {
  passkey: 'Use a passkey',
  totp: 'Use a code from your app',
  password: 'Use your password',
};
const order: readonly Method[] = ['passkey', 'totp', 'password'];

/** Asks for a factor again when an act needs a fresh one; the act then goes on by itself. */
export function StepUpDialog(): ReactNode {
  const [asked, setAsked] = useState<Asked>();
  useEffect(
    () =>
      onStepUp(
        (given) =>
          new Promise((resolve) => {
            const methods = order.filter((one) => given.includes(one));
            const answer = (done: boolean) => {
              setAsked(undefined);
              resolve(done);
            };
            setAsked({ methods, answer });
          }),
      ),
    [],
  );
  if (asked === undefined) return null;
  return (
    <Dialog open title="Confirm that it is you" onClose={() => asked.answer(false)}>
      <Confirm {...asked} />
    </Dialog>
  );
}

function Confirm({ methods: accepted, answer }: Asked): ReactNode {
  const { factors } = useActiveSession();
  const methods = accepted.filter((one) => one === 'password' || factors.includes(one));
  const [method, setMethod] = useState(methods[0]);
  if (method === undefined) {
    return (
      <p>
        None of your factors can confirm this. Enrol TOTP in your account settings, then try again.
      </p>
    );
  }
  const send = async (fields: Record<string, unknown>) => {
    await takeStep('/v1/session/step_up', { method, ...fields });
    answer(true);
  };
  const submit = async ({ code, password }: Readonly<Record<string, string>>) => {
    if (method === 'passkey')
      await send({ credential: await askPasskey('/v1/session/step_up_options') });
    else await send(method === 'totp' ? { code: code?.replaceAll(' ', '') } : { password });
  };
  return (
    <>
      <p className="quiet">
        You gave your last factor more than {stepUpMinutes} minutes ago, or this needs another one.
        What you were doing goes on right after.
      </p>
      <Form
        key={method}
        wide
        onSubmit={submit}
        submit={method === 'passkey' ? 'Continue with a passkey' : 'Confirm'}
        actions={methods
          .filter((one) => one !== method)
          .map((one) => (
            <Button key={one} look="quiet" wide onClick={() => setMethod(one)}>
              {names[one]}
            </Button>
          ))}
      >
        {method === 'totp' && (
          <TextField
            name="code"
            label="Code from your authenticator app"
            hint="A code works once: if you have just used one, wait for the next."
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            title="Six digits"
            data-code
            required
            autoFocus
          />
        )}
        {method === 'password' && (
          <TextField
            name="password"
            type="password"
            label="Your password"
            autoComplete="current-password"
            required
            autoFocus
          />
        )}
      </Form>
    </>
  );
}
