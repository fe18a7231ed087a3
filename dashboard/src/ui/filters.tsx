import { type ReactNode, useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from './button.tsx';
import { type Option, SelectField, TextField } from './field.tsx';

export type Filter =
  | { kind: 'search'; name: string; label: string; placeholder?: string }
  | { kind: 'select'; name: string; label: string; options: readonly Option[] }
  | { kind: 'time'; name: string; label: string };

/** What is filtered by: the URL is the only place where it is kept. */
export function useFilters(filters: readonly Filter[]): Record<string, string> {
  const [params] = useSearchParams();
  const given = filters.flatMap(({ name, kind }) => {
    const value = params.get(name);
    if (value === null || value === '') return [];
    return [[name, kind === 'time' ? asInstant(value) : value]];
  });
  return Object.fromEntries(given) as Record<string, string>;
}

/** `2026-11-23T10:00` of the reader's time zone, as the API takes it. */
function asInstant(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

/** The filters of a list. Every change goes into the URL and back to the first page. */
export function FilterBar({
  filters,
  children,
}: {
  filters: readonly Filter[];
  children?: ReactNode;
}): ReactNode {
  const [params, setParams] = useSearchParams();
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    for (const gone of ['after', 'before']) next.delete(gone);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true });
  };
  const active = filters.some(({ name }) => params.has(name));
  const clear = () => setParams(new URLSearchParams(), { replace: true });
  return (
    <search className="flex flex-wrap items-end gap-2 p-3">
      {filters.map((filter) => (
        <OneFilter
          key={filter.name}
          filter={filter}
          value={params.get(filter.name) ?? ''}
          onChange={(value) => set(filter.name, value)}
        />
      ))}
      {children}
      {active && (
        <Button size="small" look="quiet" icon="x" onClick={clear}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

type OneProps = { filter: Filter; value: string; onChange: (value: string) => void };

function OneFilter({ filter, value, onChange }: OneProps): ReactNode {
  const { kind, label } = filter;
  if (kind === 'select') {
    const options = [{ value: '', label: `${label}: all` }, ...filter.options];
    return (
      <div className="max-sm:grow">
        <SelectField
          label={label}
          hideLabel
          size="small"
          options={options}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
    );
  }
  if (kind === 'time') {
    return (
      <div className="max-sm:grow">
        <TextField
          type="datetime-local"
          label={label}
          size="small"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
    );
  }
  return <SearchFilter filter={filter} value={value} onChange={onChange} />;
}

/** Waits for a pause in typing before it asks. */
function SearchFilter({
  filter,
  value,
  onChange,
}: Omit<OneProps, 'filter'> & { filter: Extract<Filter, { kind: 'search' }> }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (input.current !== null && document.activeElement !== input.current) {
      input.current.value = value;
    }
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const later = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(text.trim()), 300);
  };
  return (
    <div className="min-w-0 grow basis-56">
      <TextField
        ref={input}
        type="search"
        label={filter.label}
        hideLabel
        size="small"
        placeholder={filter.placeholder ?? filter.label}
        defaultValue={value}
        onChange={(event) => later(event.target.value)}
      />
    </div>
  );
}
