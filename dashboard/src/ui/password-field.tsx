import { type ComponentProps, type ReactNode, useState } from 'react';
import { IconButton } from './button.tsx';
import { Field } from './field.tsx';

export type PasswordFieldProps = Omit<ComponentProps<'input'>, 'type' | 'id' | 'size'> & {
  label: ReactNode;
  hint?: ReactNode;
  /** Below the input, e.g. a meter. */
  children?: ReactNode;
};

/** A password that can be looked at. Pasting and password managers are welcome. */
export function PasswordField({ label, hint, children, ...rest }: PasswordFieldProps): ReactNode {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} name={rest.name}>
      {(wiring) => (
        <>
          <span className="relative block">
            <input
              maxLength={256}
              {...rest}
              {...wiring}
              type={shown ? 'text' : 'password'}
              autoCapitalize="none"
              spellCheck={false}
              className="input pr-10"
            />
            <IconButton
              icon={shown ? 'eye-off' : 'eye'}
              label={shown ? 'Hide the password' : 'Show the password'}
              size="small"
              className="absolute! top-1/2 right-1 -translate-y-1/2"
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            />
          </span>
          {children}
        </>
      )}
    </Field>
  );
}
