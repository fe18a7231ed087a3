import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from './button.tsx';

type Page = { data: readonly { id: string }[]; has_more: boolean };

/**
 * Newer and older pages of a list. The cursor lives in the URL as `after` or `before`, so that a
 * page can be reloaded, sent to somebody, and gone back to.
 */
export function Pagination({ page }: { page: Page | undefined }): ReactNode {
  const [params, setParams] = useSearchParams();
  const go = (name: 'after' | 'before', id: string | undefined) => {
    const next = new URLSearchParams(params);
    next.delete('after');
    next.delete('before');
    if (id !== undefined) next.set(name, id);
    setParams(next);
    scrollTo({ top: 0 });
  };
  if (page === undefined) return null;
  const back = params.has('before');
  const inside = params.has('after') || back;
  const newer = back ? page.has_more : inside;
  const older = back ? true : page.has_more;
  if (!newer && !older) return null;
  return (
    <nav className="flex justify-end gap-2 p-3" aria-label="Pages of the list">
      {inside && (
        <Button size="small" look="quiet" onClick={() => go('after', undefined)}>
          Newest
        </Button>
      )}
      <Button
        size="small"
        icon="chevron-left"
        disabled={!newer}
        onClick={() => go('before', page.data[0]?.id)}
      >
        Newer
      </Button>
      <Button size="small" disabled={!older} onClick={() => go('after', page.data.at(-1)?.id)}>
        Older
      </Button>
    </nav>
  );
}

/** The cursor of the URL, to be passed on to the API. */
export function useCursor(): { after?: string; before?: string } {
  const [params] = useSearchParams();
  const after = params.get('after');
  const before = params.get('before');
  if (after !== null) return { after };
  return before === null ? {} : { before };
}
