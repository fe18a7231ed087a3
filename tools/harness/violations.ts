import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The only rules that look at colours. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds on a page; it is put in by the debugger, which no policy of the page can hinder.
 *
 * @param of `colours`: for a page that was looked through in another theme, and has not changed
 */
export async function violations(
  page: Page | Frame,
  of: 'all' | 'colours' = 'all',
): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe);
  const runOnly = of === 'all' ? axeTags : { type: 'rule', values: colourRules };
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
    { runOnly, resultTypes: ['violations'] },
  );
}
