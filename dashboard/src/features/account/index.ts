import type { Page } from '../../app/page.ts';

export const pages: readonly Page[] = [];
