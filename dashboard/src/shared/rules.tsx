import type { ReactNode } from 'react';
import { counted, DateTime } from '../ui/index.ts';

/** When the rules of an organization were changed last, `null` for never. */
export function RulesChanged({ at, editable }: { at: string | null; editable: boolean }) {
  return (
    <>
      {at === null ? (
        'As PayOS sets them: never changed.'
      ) : (
        <>
          Changed <DateTime value={at} look="ago" />.
        </>
      )}
      {!editable && ' Your role shows them, but does not change them.'}
    </>
  );
}

const named = 10;

/** Whom or what a change of rules would end: the first ten by name, the rest by number. */
export function Concerned({ all }: { all: readonly { id: string; name: string }[] }): ReactNode {
  const rest = all.length - named;
  return (
    <ul className="grid list-disc gap-0.5 pl-5">
      {all.slice(0, named).map(({ id, name }) => (
        <li key={id} className="wrap-anywhere">
          {name}
        </li>
      ))}
      {rest > 0 && <li>and {counted(rest, 'other')}</li>}
    </ul>
  );
}
