import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { pageOf } from './object-links.ts';

/** The id of an object, as a link where it has a page. */
export function ObjectLink({ id }: { id: string }): ReactNode {
  const page = pageOf(id);
  const text = <code className="break-all">{id}</code>;
  if (page === undefined) return text;
  return (
    <Link to={page} className="link">
      {text}
    </Link>
  );
}
