import { useQueryClient } from '@tanstack/react-query';
import type { schemas } from 'payos-contract';
import { type ReactNode, useState } from 'react';
import { useActiveSession, useRead } from '../../api/index.ts';
import { RecoveryCodeList } from '../../shared/recovery-code-list.tsx';
import { Dialog, ErrorState, LoadingRows } from '../../ui/index.ts';
import { AccountPage } from './account-page.tsx';
import { PasskeysCard } from './passkeys-card.tsx';
import { RecoveryCodesCard } from './recovery-codes-card.tsx';
import { TotpCard } from './totp-card.tsx';

export const factorsPath = '/v1/account/factors';

export default function FactorsPage(): ReactNode {
  const factors = useRead<schemas.Factors>(factorsPath);
  return (
    <AccountPage title="Sign-in security">
      {factors.isPending && <LoadingRows />}
      {factors.isError && (
        <ErrorState error={factors.error} onRetry={() => void factors.refetch()} />
      )}
      {factors.isSuccess && <Cards factors={factors.data} />}
    </AccountPage>
  );
}

function Cards({ factors }: { factors: schemas.Factors }): ReactNode {
  const { account } = useActiveSession();
  const client = useQueryClient();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const changed = (fresh: readonly string[] = []) => {
    setCodes(fresh);
    void client.invalidateQueries({ queryKey: [factorsPath] });
  };
  return (
    <>
      <PasskeysCard factors={factors} onChanged={changed} />
      <TotpCard factors={factors} onChanged={changed} />
      <RecoveryCodesCard left={factors.recovery_codes.left} onChanged={changed} />
      <Dialog open={codes.length > 0} onClose={() => setCodes([])} title="Save your recovery codes">
        <RecoveryCodeList codes={codes} email={account?.email ?? ''} onDone={() => setCodes([])} />
      </Dialog>
    </>
  );
}
