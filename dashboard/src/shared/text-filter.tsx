import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react';
import { TextField } from '../ui/index.ts';

type Props = Omit<ComponentProps<typeof TextField>, 'onChange' | 'value' | 'defaultValue'> & {
  value: string;
  onChange: (text: string) => void;
  /** What is wrong with a text that nothing can be asked for with. */
  complain?: (text: string) => string | undefined;
};

const pauseMs = 300;
/** Whoever is still typing is not corrected at once. */
const patienceMs = 1_000;

/** Waits for a pause in typing, or Enter, before it asks. */
export function TextFilter({ value, onChange, complain, ...rest }: Props): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [complaint, setComplaint] = useState<string>();
  useEffect(() => {
    const field = input.current;
    if (field !== null && document.activeElement !== field) field.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const apply = () => {
    clearTimeout(timer.current);
    const text = input.current?.value.trim() ?? '';
    const wrong = text === '' ? undefined : complain?.(text);
    if (wrong !== undefined) setComplaint(wrong);
    else if (text !== value) onChange(text);
  };
  const later = () => {
    clearTimeout(timer.current);
    setComplaint(undefined);
    const text = input.current?.value.trim() ?? '';
    const isWhole = text === '' || complain?.(text) === undefined;
    timer.current = setTimeout(apply, isWhole ? pauseMs : patienceMs);
  };
  return (
    <TextField
      {...rest}
      ref={input}
      size="small"
      defaultValue={value}
      autoComplete="off"
      spellCheck={false}
      error={complaint}
      onChange={later}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply();
      }}
    />
  );
}
