import type { ReactNode } from 'react';
import { useActiveSession } from '../../api/index.ts';
import { PageHeader } from '../../ui/index.ts';

export default function Home(): ReactNode {
  const { account } = useActiveSession();
  return <PageHeader title={`Welcome, ${account?.name ?? ''}`} />;
}
