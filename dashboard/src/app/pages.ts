import { pages as account } from '../features/account/index.ts';
import { pages as home } from '../features/home/index.ts';
import { pages as signIn } from '../features/sign-in/index.ts';
import type { Page } from './page.ts';

/** Every page of the dashboard. A feature is added here, and nowhere else. */
export const pages: readonly Page[] = [...signIn, ...home, ...account];
