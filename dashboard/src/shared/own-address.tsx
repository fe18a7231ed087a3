import type { schemas } from 'payos-contract';
import type { ReactNode } from 'react';
import { useRead } from '../api/index.ts';

/** Where PayOS sees this person come from; undefined until it is known. */
export function useOwnAddress(): string | undefined {
  const sessions = useRead<{ data: schemas.AccountSession[] }>('/v1/account/sessions');
  return sessions.data?.data.find(({ current }) => current)?.address ?? undefined;
}

export function OwnAddress(): ReactNode {
  const address = useOwnAddress();
  if (address === undefined) return null;
  return (
    <p className="quiet px-1 text-sm">
      PayOS sees you at <code className="break-all">{address}</code>.
    </p>
  );
}
