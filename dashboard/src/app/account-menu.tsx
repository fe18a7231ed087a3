import type { ReactNode } from 'react';
import { signOut, useActiveSession } from '../api/session.ts';
import { Menu, MenuChoices, MenuItem, MenuLine } from '../ui/menu.tsx';
import { setTheme, type Theme, useTheme } from './theme.ts';

const themeOptions = [
  { value: 'system', label: 'As the system', icon: 'monitor' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
] as const;

export function AccountMenu(): ReactNode {
  const { account } = useActiveSession();
  const theme = useTheme();
  const name = account?.name ?? '';
  const trigger = (
    <button type="button" className="avatar">
      <span aria-hidden="true">{initials(name)}</span>
      <span className="sr-only">Account: {name}</span>
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <div className="px-2.5 py-1.5">
        <p className="truncate font-medium">{name}</p>
        <p className="quiet truncate text-sm">{account?.email}</p>
      </div>
      <MenuLine />
      <MenuItem icon="user" to="/account">
        Your account
      </MenuItem>
      <MenuItem icon="monitor" to="/account/sessions">
        Sessions
      </MenuItem>
      <MenuLine />
      <MenuChoices
        label="Theme"
        value={theme}
        options={themeOptions}
        onChoose={(value) => setTheme(value as Theme)}
      />
      <MenuLine />
      <MenuItem icon="sign-out" onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('');
}
