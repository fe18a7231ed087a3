import type { Permission } from 'payos-contract';
import type { ComponentType } from 'react';
import type { IconName } from '../ui/icon.tsx';

export const sections = ['payments', 'developers', 'organization'] as const;
export type Section = (typeof sections)[number];

/** One page. A feature exports its pages as `pages` from its `index.ts`. */
export type Page = {
  /** Route pattern of React Router, e.g. `/payments/:id`. */
  path: string;
  /** What is needed to see it; without it the page says so, and has no entry in the navigation. */
  permission?: Permission;
  /**
   * `bare`: for those who are not signed in, or not yet; without navigation.
   * Default: inside the shell, for a finished sign-in.
   */
  frame?: 'bare';
  /** Where the page stands in the navigation; pages of single objects have no entry. */
  nav?: { label: string; icon: IconName; section: Section; order: number };
  /** By what the palette finds a page without an entry in the navigation. */
  palette?: { label: string; icon: IconName };
  /** Page to show instead when test and live are switched while an object is open. */
  list?: string;
  load: () => Promise<{ default: ComponentType }>;
};
