import { useLocation } from 'react-router';

/** The secret of a link: it stands behind the `#`, which browsers send to nobody. */
export function useLinkToken(): string {
  const { hash } = useLocation();
  return new URLSearchParams(hash.slice(1)).get('token') ?? '';
}
