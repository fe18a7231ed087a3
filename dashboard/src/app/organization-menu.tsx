import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { takeStep, useActiveSession } from '../api/session.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuChoices } from '../ui/menu.tsx';
import { toast } from '../ui/toast.tsx';
import { Mark } from './mark.tsx';

/** Name of the organization; a menu for those who belong to several. */
export function OrganizationMenu(): ReactNode {
  const { organization, organizations } = useActiveSession();
  const navigate = useNavigate();
  const name = organization?.name ?? 'No organization';
  const face = (
    <>
      <Mark />
      <span className="min-w-0 flex-1 truncate text-left font-semibold">{name}</span>
    </>
  );
  if (organizations.length < 2) {
    return <div className="flex min-w-0 flex-1 items-center gap-2.5 px-1.5 py-1">{face}</div>;
  }
  const go = async (id: string) => {
    await takeStep('/v1/session/organization', { organization: id });
    await navigate('/');
  };
  const trigger = (
    <button
      type="button"
      className="flex min-w-0 flex-1 cursor-pointer items-center gap-2.5 rounded-md px-1.5 py-1
        hover:bg-hover"
    >
      {face}
      <Icon name="chevrons-up-down" />
      <span className="sr-only">Switch organization</span>
    </button>
  );
  return (
    <Menu trigger={trigger} align="start">
      <MenuChoices
        label="Organizations"
        value={organization?.id ?? ''}
        options={organizations.map(({ id, name: label }) => ({ value: id, label }))}
        onChoose={(id) => void go(id).catch((error: Error) => toast('Not switched', error.message))}
      />
    </Menu>
  );
}
