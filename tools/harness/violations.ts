import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The only rules that look at colours, and those that look at sizes and places. */
const colourRules = ['color-contrast', 'link-in-text-block'];
const layoutRules = ['target-size', 'scrollable-region-focusable', 'css-orientation-lock'];
const looks = {
  all: axeTags,
  colours: { type: 'rule', values: colourRules },
  layout: { type: 'rule', values: [...colourRules, ...layoutRules] },
};

/**
 * What axe finds on a page; it is put in by the debugger, which no policy of the page can hinder.
 *
 * @param of what to look for in a page that was looked through before: `colours` in another theme,
 *   `layout` in another theme and width; for all else, look at `all`
 */
export async function violations(
  page: Page | Frame,
  of: keyof typeof looks = 'all',
): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe);
  return page.evaluate(
    async (options) => {
      const run = (globalThis as unknown as { axe: { run: Run } }).axe.run;
      type Found = { id: string; nodes: { target: string[]; failureSummary: string }[] };
      type Run = (what: unknown, options: unknown) => Promise<{ violations: Found[] }>;
      const { violations: found } = await run('html', options);
      return found.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`),
      );
    },
    { runOnly: looks[of], resultTypes: ['violations'] },
  );
}
