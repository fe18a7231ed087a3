import { createContext, type FormEvent, type ReactNode, useContext, useRef, useState } from 'react';
import { fieldErrorOf, isProblem } from '../api/problem.ts';
import { Button, type ButtonLook } from './button.tsx';
import { ProblemNotice } from './notice.tsx';

const Failure = createContext<unknown>(undefined);

/** What the API said about the field of this name when the form was last sent. */
export function useFieldError(name: string | undefined): string | undefined {
  const failure = useContext(Failure);
  const found = name === undefined ? undefined : fieldErrorOf(failure, name);
  return found === undefined ? undefined : `${found.message} ${found.fix}`;
}

export type Values = Readonly<Record<string, string>>;

type Props = {
  /** Sends it; what it throws is shown, at the fields it names or above the button. */
  onSubmit: (values: Values, form: FormData) => Promise<unknown>;
  submit: ReactNode;
  look?: ButtonLook;
  /** Further buttons beside the one that sends. */
  actions?: ReactNode;
  wide?: boolean;
  disabled?: boolean;
  children: ReactNode;
};

/** A native form: the browser checks and fills in, Enter sends, a password manager understands. */
export function Form({
  onSubmit,
  submit,
  look = 'primary',
  actions,
  wide,
  disabled,
  children,
}: Props): ReactNode {
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // What was said is about what was sent, not about what is being typed.
  const forget = () => {
    if (!busy) setFailure(undefined);
  };

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || form.current === null) return;
    const data = new FormData(form.current);
    setBusy(true);
    setFailure(undefined);
    try {
      await onSubmit(textsOf(data), data);
    } catch (error) {
      setFailure(error);
      // After React has marked the fields.
      setTimeout(() => focusFirstInvalid(form.current), 0);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Failure value={failure}>
      <form
        ref={form}
        className="grid gap-4"
        onSubmit={(event) => void send(event)}
        onInput={forget}
      >
        {children}
        {failure !== undefined && !isShownAtFields(failure, form.current) && (
          <ProblemNotice error={failure} />
        )}
        <div className={wide ? 'grid gap-2' : 'flex flex-wrap justify-end gap-2'}>
          {!wide && actions}
          <Button
            type="submit"
            look={look}
            busy={busy}
            {...(wide ? { wide } : {})}
            disabled={disabled}
          >
            {submit}
          </Button>
          {wide && actions}
        </div>
      </form>
    </Failure>
  );
}

function textsOf(data: FormData): Values {
  const texts = [...data.entries()].flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return Object.fromEntries(texts) as Values;
}

/** Whether every complaint is about a field of this form, and so stands there. */
function isShownAtFields(error: unknown, form: HTMLFormElement | null): boolean {
  if (!isProblem(error)) return false;
  const errors = error.problem.errors ?? [];
  const named = ({ pointer }: { pointer: string }) =>
    form?.elements.namedItem(pointer.split('/')[1] ?? '') != null;
  return errors.length > 0 && errors.every(named);
}

function focusFirstInvalid(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
