import type { ReactNode } from 'react';
import { NavTabs, PageHeader } from '../../ui/index.ts';

const links = [
  { to: '/account', label: 'Profile' },
  { to: '/account/factors', label: 'Sign-in security' },
  { to: '/account/sessions', label: 'Sessions' },
];

/** Head and tabs of the pages of one's own account. */
export function AccountPage({
  title,
  children,
}: {
  title: string;
  children: ReactNode;
}): ReactNode {
  return (
    <>
      <PageHeader title={title} text="This is about you, in every organization you belong to." />
      <NavTabs label="Your account" links={links} />
      <div className="mt-5 grid max-w-[48rem] gap-5">{children}</div>
    </>
  );
}
