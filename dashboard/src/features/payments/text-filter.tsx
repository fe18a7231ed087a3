import { type ComponentProps, type ReactNode, useEffect, useRef } from 'react';
import { TextField } from '../../ui/index.ts';

type Props = Omit<ComponentProps<typeof TextField>, 'onChange' | 'value' | 'defaultValue'> & {
  value: string;
  onChange: (text: string) => void;
};

const pauseMs = 300;

/** Waits for a pause in typing, or Enter, before it asks. */
export function TextFilter({ value, onChange, ...rest }: Props): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const field = input.current;
    if (field !== null && document.activeElement !== field) field.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const apply = () => {
    clearTimeout(timer.current);
    const text = input.current?.value.trim() ?? '';
    if (text !== value) onChange(text);
  };
  return (
    <TextField
      {...rest}
      ref={input}
      size="small"
      defaultValue={value}
      autoComplete="off"
      spellCheck={false}
      onChange={() => {
        clearTimeout(timer.current);
        timer.current = setTimeout(apply, pauseMs);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply();
      }}
    />
  );
}
