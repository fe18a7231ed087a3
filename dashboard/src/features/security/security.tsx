import type { ReactNode } from 'react';
import { useRead } from '../../api/index.ts';
import { ErrorState, LoadingPage, PageHeader } from '../../ui/index.ts';
import type { Policy } from './draft.ts';
import { OrganizationName } from './organization-name.tsx';
import { PolicyForm } from './policy-form.tsx';

/** The organization's rules for signing in. */
export default function Security(): ReactNode {
  const policy = useRead<Policy>('/v1/security_policy');
  return (
    <>
      <PageHeader
        title="Security"
        text="How people sign in to this organization. Each change is checked for whom it would lock
          out before it is saved."
      />
      <div className="grid grid-cols-1 gap-5">
        {policy.isError && (
          <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
        )}
        {policy.isPending && <LoadingPage />}
        {policy.isSuccess && <PolicyForm key={policy.data.updated_at} policy={policy.data} />}
        <OrganizationName />
      </div>
    </>
  );
}
