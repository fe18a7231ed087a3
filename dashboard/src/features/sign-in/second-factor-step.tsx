import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { type Session, takeStep } from '../../api/index.ts';
import { CodeField } from '../../shared/totp-setup.tsx';
import { Button, Form, TextField, type Values } from '../../ui/index.ts';
import { Bare, NotYou } from './bare.tsx';
import { LostFactors } from './lost-factors.tsx';
import { PasskeyButton } from './password-step.tsx';

type Way = schemas.FactorKind | 'lost';

const order: readonly Way[] = ['passkey', 'totp', 'recovery_code'];
const names: Record<Way, string> = {
  passkey: 'Use a passkey',
  totp: 'Use a code from your app',
  recovery_code: 'Use a recovery code',
  lost: 'I have lost all of these',
};

/** The password was right; now something that only this person has. */
export function SecondFactorStep({ session }: { session: Session }): ReactNode {
  const ways = order.filter((way) => way !== 'lost' && session.factors.includes(way));
  const [chosen, setChosen] = useState<Way>();
  const begin = session.factor_reset === 'pending' ? 'lost' : (ways[0] ?? 'lost');
  const way = chosen ?? begin;
  const others = [...ways, 'lost' as const].filter((one) => one !== way);
  const below = (
    <>
      {others.map((one) => (
        <Button key={one} look="quiet" onClick={() => setChosen(one)}>
          {names[one]}
        </Button>
      ))}
      <NotYou />
    </>
  );
  if (way === 'lost') return <LostFactors session={session} below={below} />;
  if (way === 'passkey') {
    return (
      <Bare
        title="Confirm with a passkey"
        text="Your device will ask for your fingerprint, face or PIN."
        below={below}
      >
        <PasskeyButton look="primary" />
      </Bare>
    );
  }
  return way === 'totp' ? <TotpForm below={below} /> : <RecoveryForm below={below} />;
}

function TotpForm({ below }: { below: ReactNode }): ReactNode {
  const submit = ({ code = '' }: Values) =>
    takeStep('/v1/sign_in/totp', { code: code.replaceAll(/\s/g, '') });
  return (
    <Bare title="Enter a code" focus="field" below={below}>
      <Form wide submit="Sign in" onSubmit={submit}>
        <CodeField autoFocus />
      </Form>
    </Bare>
  );
}

function RecoveryForm({ below }: { below: ReactNode }): ReactNode {
  const submit = ({ code }: Values) => takeStep('/v1/sign_in/recovery_code', { code });
  return (
    <Bare
      title="Enter a recovery code"
      text="One of those you saved when you set up your factors. Each works once."
      focus="field"
      below={below}
    >
      <Form wide submit="Sign in" onSubmit={submit}>
        <TextField
          name="code"
          label="Recovery code"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          className="font-mono"
          required
          autoFocus
        />
      </Form>
    </Bare>
  );
}
