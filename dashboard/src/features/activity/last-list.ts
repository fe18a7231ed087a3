import { useEffect } from 'react';
import { useLocation } from 'react-router';

const searches = new Map<string, string>();

/** A list notes its filters here, so that the way back from an object leads to the same list. */
export function useNotedList(): void {
  const { pathname, search } = useLocation();
  useEffect(() => {
    searches.set(pathname, search);
  }, [pathname, search]);
}

/** The address of a list as it was last seen. */
export const lastList = (path: string): string => path + (searches.get(path) ?? '');
