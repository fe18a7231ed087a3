import type { ReactNode } from 'react';
import { Badge } from '../../ui/index.ts';
import { isLocked, type Member } from './data.ts';

/** What keeps somebody from signing in. */
export function StatusBadges({ member }: { member: Member }): ReactNode {
  const { status, factors } = member;
  if (status === 'disabled') return <Badge icon="minus">Disabled</Badge>;
  if (isLocked(member)) {
    return (
      <Badge tone="danger" icon="lock">
        Locked
      </Badge>
    );
  }
  if (factors.passkeys === 0 && !factors.totp) {
    return (
      <Badge tone="warn" icon="alert">
        No factor yet
      </Badge>
    );
  }
  return (
    <Badge tone="ok" icon="check">
      Active
    </Badge>
  );
}

/** `2 passkeys, TOTP`. */
export function factorText({ factors: { passkeys, totp } }: Member): string {
  const keys = passkeys === 0 ? [] : [passkeys === 1 ? 'Passkey' : `${passkeys} passkeys`];
  const all = [...keys, ...(totp ? ['TOTP'] : [])];
  return all.length === 0 ? 'None' : all.join(', ');
}
