import { after, before, it, type TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { ProcessName } from '../../tools/harness/processes.ts';
import { openTeam, type Team } from './team.ts';

/**
 * A team for the tests of one file.
 *
 * @returns what declares a test in the browser; it is skipped where there is none
 */
export function openScenes(start?: readonly ProcessName[]) {
  let team: Team | undefined;
  before(async () => {
    team = await openTeam(start);
  });
  after(() => team?.stop());
  return (name: string, run: (team: Team, t: TestContext) => Promise<void>): void => {
    it(name, async (t) => {
      if (team === undefined) return t.skip('there is no browser');
      const entered = team;
      return entered.watch(() => run(entered, t));
    });
  };
}

/** By its whole name, where that is a text. */
export const button = (within: Page | Locator, name: string | RegExp) =>
  within.getByRole('button', { name, exact: typeof name === 'string' });

/** What the page is called. */
export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1 });

/** A link of the navigation. */
export const entry = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });

/** The path of a link, with its query and its fragment. */
export const asPath = (link: string) => link.replace(/^https:\/\/[^/]+/, '');
export const pathOf = (page: Page) => asPath(page.url());

/** Nothing is being waited for any more. */
export const settled = (page: Page) =>
  page.locator('.skeleton').first().waitFor({ state: 'detached' });
