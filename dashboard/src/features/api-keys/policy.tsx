import type { ReactNode } from 'react';
import { ErrorState, LoadingRows } from '../../ui/index.ts';
import { usePolicy } from './data.ts';
import { KeysHeader } from './keys-header.tsx';
import { PolicyForm } from './policy-form.tsx';

/** The rules of the organization for its keys of one mode. */
export default function KeyPolicy(): ReactNode {
  const policy = usePolicy();
  return (
    <>
      <KeysHeader page="rules" />
      {policy.isPending && <LoadingRows rows={6} />}
      {policy.isError && <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />}
      {policy.isSuccess && <PolicyForm key={policy.data.mode} policy={policy.data} />}
    </>
  );
}
