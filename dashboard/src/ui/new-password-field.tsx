import { passwordLengthFlaw, passwordRules } from 'payos-contract';
import { type ReactNode, useEffect, useState } from 'react';
import { PasswordField, type PasswordFieldProps } from './password-field.tsx';

type Props = Omit<PasswordFieldProps, 'label' | 'name' | 'autoComplete'> & {
  label?: string;
  /** What belongs to the person, and so is no secret: name, email, organization. */
  personal?: readonly (string | undefined)[];
};

/** A new password, with a meter. What is good enough is decided by the server. */
export function NewPasswordField({ label = 'Password', personal = [], ...rest }: Props): ReactNode {
  const [password, setPassword] = useState('');
  return (
    <PasswordField
      {...rest}
      label={label}
      name="password"
      autoComplete="new-password"
      required
      value={password}
      onChange={(event) => setPassword(event.target.value)}
      hint={
        <>
          At least {passwordRules.min} characters. A few words that have nothing to do with each
          other are strong, and easy to keep in mind.
        </>
      }
    >
      <Meter password={password} personal={personal} />
    </PasswordField>
  );
}

const words = ['Very easy to guess', 'Very easy to guess', 'Easy to guess', 'Good', 'Very good'];

function Meter({
  password,
  personal,
}: {
  password: string;
  personal: readonly (string | undefined)[];
}) {
  const score = useStrength(password, personal);
  const isShort = passwordLengthFlaw(password) === 'too_short';
  const shown = score === undefined ? 0 : Math.max(1, isShort ? Math.min(score, 1) : score);
  const text = isShort ? `${[...password].length} of ${passwordRules.min} characters` : undefined;
  return (
    <div className="grid gap-1" hidden={password === ''}>
      <div className="meter" data-score={shown} aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={step <= shown || undefined} />
        ))}
      </div>
      <p className="field-hint" role="status">
        {password !== '' && (text ?? words[score ?? -1])}
      </p>
    </div>
  );
}

/** The estimate needs word lists: they are loaded when somebody begins to type. */
function useStrength(
  password: string,
  personal: readonly (string | undefined)[],
): number | undefined {
  const [score, setScore] = useState<number>();
  const joined = personal.join('\n');
  useEffect(() => {
    if (password === '') return setScore(undefined);
    let wanted = true;
    const timer = setTimeout(() => {
      const estimate = import('./strength.ts').then(({ strengthOf }) => {
        if (wanted) setScore(strengthOf(password, joined.split('\n')));
      });
      // Without it there is no meter; the server decides all the same.
      estimate.catch(() => {});
    }, 150);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [password, joined]);
  return score;
}
