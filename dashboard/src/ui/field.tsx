import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import { useFieldError } from './form.tsx';
import { Icon } from './icon.tsx';

type Common = {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong; inside a form the API's answer is found by `name`. */
  error?: string | undefined;
  /** The label is read out, but not shown. */
  hideLabel?: boolean;
};

type Wiring = {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
};

/** Label, hint and error around any control. */
export function Field({
  label,
  hint,
  error,
  hideLabel,
  name,
  children,
}: Common & { name?: string | undefined; children: (wiring: Wiring) => ReactNode }): ReactNode {
  const id = useId();
  const said = useFieldError(name);
  const wrong = error ?? said;
  const described = cx(wrong !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`);
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'field-label'}>
        {label}
      </label>
      {children({
        id,
        'aria-invalid': wrong === undefined ? undefined : true,
        'aria-describedby': described || undefined,
      })}
      {wrong !== undefined && (
        <p id={`${id}-error`} className="field-error" role="alert">
          <Icon name="alert" size={15} />
          <span>{wrong}</span>
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

type InputProps = Omit<ComponentProps<'input'>, 'size' | 'id'> & Common & { size?: 'small' };

/** One line of text. */
export function TextField({
  label,
  hint,
  error,
  hideLabel,
  size,
  className,
  ...rest
}: InputProps): ReactNode {
  const common = { label, hint, error, ...(hideLabel ? { hideLabel } : {}) };
  return (
    <Field {...common} name={rest.name}>
      {(wiring) => (
        <input {...rest} {...wiring} className={cx('input', className)} data-size={size} />
      )}
    </Field>
  );
}

type AreaProps = Omit<ComponentProps<'textarea'>, 'id'> & Common;

/** Several lines of text. */
export function TextArea({ label, hint, error, hideLabel, ...rest }: AreaProps): ReactNode {
  const common = { label, hint, error, ...(hideLabel ? { hideLabel } : {}) };
  return (
    <Field {...common} name={rest.name}>
      {(wiring) => <textarea rows={4} {...rest} {...wiring} className="input" />}
    </Field>
  );
}

export type Option = { value: string; label: string; disabled?: boolean };

type SelectProps = Omit<ComponentProps<'select'>, 'size' | 'id' | 'children'> &
  Common & { options: readonly Option[]; size?: 'small' };

/** One of a few: the system's own list, at home on every device. */
export function SelectField({
  label,
  hint,
  error,
  hideLabel,
  options,
  size,
  ...rest
}: SelectProps): ReactNode {
  const common = { label, hint, error, ...(hideLabel ? { hideLabel } : {}) };
  return (
    <Field {...common} name={rest.name}>
      {(wiring) => (
        <span className="select">
          <select {...rest} {...wiring} className="input" data-size={size}>
            {options.map(({ value, label: text, disabled }) => (
              <option key={value} value={value} disabled={disabled}>
                {text}
              </option>
            ))}
          </select>
          <Icon name="chevron-down" />
        </span>
      )}
    </Field>
  );
}

type ChoiceProps = Omit<ComponentProps<'input'>, 'type' | 'id' | 'size'> & {
  label: ReactNode;
  hint?: ReactNode;
};

function Choice({ type, label, hint, ...rest }: ChoiceProps & { type: 'checkbox' | 'radio' }) {
  const id = useId();
  return (
    <label className="choice">
      <input {...rest} type={type} aria-describedby={hint === undefined ? undefined : id} />
      <span>{label}</span>
      {hint !== undefined && (
        <span id={id} className="field-hint">
          {hint}
        </span>
      )}
    </label>
  );
}

export const Checkbox = (props: ChoiceProps): ReactNode => <Choice {...props} type="checkbox" />;
export const Radio = (props: ChoiceProps): ReactNode => <Choice {...props} type="radio" />;

/** Checkboxes or radios that belong together, under one name. */
export function Choices({ legend, children }: { legend: string; children: ReactNode }): ReactNode {
  return (
    <fieldset className="grid gap-1">
      <legend className="field-label mb-1">{legend}</legend>
      {children}
    </fieldset>
  );
}
