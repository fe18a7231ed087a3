import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../api/index.ts';
import { counted, Notice } from '../../ui/index.ts';
import { type Finding, useSafety } from './data.ts';

type Kind = Finding['finding'];

/** What cannot wait, with how it is said of one key and of several. */
const urgent: readonly [kind: Kind, one: string, many: string][] = [
  ['exposed', 'was seen where no secret may be', 'were seen where no secret may be'],
  ['beyond_owner', 'may do more than its owner', 'may do more than their owners'],
  ['overdue', 'is overdue for replacement', 'are overdue for replacement'],
  ['due_soon', 'ends or is due within 14 days', 'end or are due within 14 days'],
];

/** Keys that somebody has to look at: says which, and where. Nothing where there are none. */
export function KeysInNeed(): ReactNode {
  const can = useCan();
  const { data } = useSafety(can('keys:read'));
  const lines = urgent.flatMap(([kind, one, many]) => {
    const found = (data?.data ?? []).filter(({ finding }) => finding === kind);
    return found.length === 0 ? [] : [{ kind, found, text: found.length === 1 ? one : many }];
  });
  if (lines.length === 0) return null;
  const isBad = lines.some(({ kind }) => kind !== 'due_soon');
  return (
    <Notice tone={isBad ? 'danger' : 'warn'} title="API keys that need you">
      <ul className="grid gap-0.5">
        {lines.map(({ kind, found, text }) => (
          <li key={kind}>
            <Named found={found} /> {text}.
          </li>
        ))}
      </ul>
      <p className="mt-1">
        <Link className="link" to="/api-keys/safety">
          Look at key safety
        </Link>
      </p>
    </Notice>
  );
}

function Named({ found }: { found: readonly Finding[] }): ReactNode {
  const [first, second] = found;
  if (first === undefined || second !== undefined) return counted(found.length, 'key');
  return (
    <Link className="link wrap-anywhere" to={`/api-keys/${first.key.id}`}>
      {first.key.name}
    </Link>
  );
}
