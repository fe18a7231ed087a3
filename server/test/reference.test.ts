import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { errorTable } from 'payos-contract';
import type { Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../../tools/browser.ts';
import { ApiClient } from '../../tools/harness/api-client.ts';
import { violations } from '../../tools/harness/violations.ts';
import { serveReference } from '../src/reference/index.ts';
import { servePages } from './serve-pages.ts';

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const urls = { apiUrl: 'https://localhost:8443', vaultUrl: 'https://localhost:8444' };
const pages = () => servePages((app) => serveReference(app, urls));

let site: Awaited<ReturnType<typeof pages>>;
let browser: TestBrowser | undefined;
before(async () => {
  [site, browser] = await Promise.all([pages(), startBrowser()]);
});
after(async () => {
  await browser?.stop();
  await site?.stop();
});

type View = { width: number; script?: boolean };
type Visit = { page: Page; complaints: string[]; close(): Promise<void> };

/** Opens a page and notes whatever a browser complains of. */
async function visit(path: string, { width, script = true }: View): Promise<Visit> {
  assert.ok(browser);
  const context = await browser.browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: 'light',
    javaScriptEnabled: script,
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${site.origin}/`)) complaints.push(`other: ${request.url()}`);
  });
  const answer = await page.goto(site.origin + path, { waitUntil: 'load' });
  assert.equal(answer?.status(), 200);
  assert.equal(answer?.headers()['content-security-policy'], policy);
  return { page, complaints, close: () => context.close() };
}

const overflow = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

const noBrowser = () => (browser === undefined ? 'there is no browser' : false);

/** There are two layouts: what axe is to look for in each, light and dark. */
const looks: Record<number, (Parameters<typeof violations>[1] | undefined)[]> = {
  320: ['all', undefined],
  768: [],
  1440: [undefined, 'layout'],
  1920: [],
};

for (const path of ['/docs', '/docs/errors']) {
  test(`${path} at every width, in both themes`, async (t) => {
    if (noBrowser()) return t.skip();
    const { page, complaints, close } = await visit(path, { width: 320 });
    const look = async (colorScheme: 'light' | 'dark', of: (typeof looks)[number][number]) => {
      await page.emulateMedia({ colorScheme });
      assert.equal(await overflow(page), 0, 'nothing is wider than the screen');
      if (of !== undefined) assert.deepEqual(await violations(page, of), []);
    };
    try {
      for (const [width, [light, dark]] of Object.entries(looks)) {
        await page.setViewportSize({ width: Number(width), height: 900 });
        await look('light', light);
        await look('dark', dark);
      }
      assert.deepEqual(complaints, []);
    } finally {
      await close();
    }
  });
}

describe('the pages', () => {
  test('axe and the policy can find something', async (t) => {
    if (noBrowser()) return t.skip();
    const { page, complaints, close } = await visit('/docs/errors', { width: 768 });
    try {
      await page.evaluate(`document.body.append(document.createElement('img'));
        document.body.append(Object.assign(document.createElement('p'), {
          textContent: 'pale', style: 'color: #ccc; background: #fff' }));
        const script = document.createElement('script');
        script.textContent = 'globalThis.ran = true';
        document.body.append(script);`);
      const found = await violations(page);
      assert.ok(found.some((one) => one.startsWith('image-alt')));
      assert.ok(complaints.some((one) => /content security policy/i.test(one)));
      assert.equal(await page.evaluate('globalThis.ran'), undefined);
    } finally {
      await close();
    }
  });

  test('are walked with the keyboard: skip link, then the navigation', async (t) => {
    if (noBrowser()) return t.skip();
    const { page, close } = await visit('/docs', { width: 1440 });
    try {
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate('document.activeElement.id'), 'content');
      await page.reload();
      const reached = new Set<unknown>();
      for (let index = 0; index < 20; index += 1) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate('document.activeElement.getAttribute("href")'));
        const outline = await page.evaluate(
          'getComputedStyle(document.activeElement).outlineStyle',
        );
        assert.equal(outline, 'solid', 'focus is seen');
      }
      assert.ok(reached.has('#authentication') && reached.has('#idempotency'));
    } finally {
      await close();
    }
  });

  test('fold the navigation on a phone, and show it when asked', async (t) => {
    if (noBrowser()) return t.skip();
    const { page, close } = await visit('/docs', { width: 320 });
    try {
      const link = page.locator('nav a[href="#createPayment"]');
      assert.equal(await link.isVisible(), false);
      await page.locator('.menu summary').press('Enter');
      assert.equal(await link.isVisible(), true);
      await link.click();
      assert.ok(page.url().endsWith('#createPayment'));
      assert.equal(await link.isVisible(), false, 'it makes way for what was chosen');
    } finally {
      await close();
    }
  });

  test('show the navigation without any script', async (t) => {
    if (noBrowser()) return t.skip();
    for (const width of [320, 1440]) {
      const { page, close } = await visit('/docs', { width, script: false });
      try {
        assert.equal(await page.locator('nav a[href="#createPayment"]').isVisible(), true);
      } finally {
        await close();
      }
    }
  });

  test('filter the navigation', async (t) => {
    if (noBrowser()) return t.skip();
    const { page, close } = await visit('/docs', { width: 1440 });
    try {
      await page.getByRole('searchbox').fill('refund');
      assert.equal(await page.locator('nav a[href="#createRefund"]').isVisible(), true);
      assert.equal(await page.locator('nav a[href="#createPayment"]').isVisible(), false);
    } finally {
      await close();
    }
  });

  test('have headings in order, ids once, and no link that leads nowhere', async (t) => {
    if (noBrowser()) return t.skip();
    for (const path of ['/docs', '/docs/errors']) {
      const { page, close } = await visit(path, { width: 1440 });
      try {
        const levels = (await page.evaluate(
          `[...document.querySelectorAll('h1,h2,h3,h4')].map((one) => Number(one.tagName[1]))`,
        )) as number[];
        assert.equal(levels.filter((level) => level === 1).length, 1);
        levels.forEach((level, index) => {
          assert.ok(level <= (levels[index - 1] ?? 0) + 1, `heading ${index}`);
        });
        const dead = await page.evaluate(`(() => {
          const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
          const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
          const links = [...document.querySelectorAll('a[href^="#"]')];
          return [...twice, ...links.map((one) => one.hash.slice(1)).filter(
            (id) => !ids.includes(id))];
        })()`);
        assert.deepEqual(dead, []);
      } finally {
        await close();
      }
    }
  });
});

describe('what is served', () => {
  test('every error code has its anchor, where `type` points to', async () => {
    const { text, status } = await new ApiClient(site.origin, site.ca).get('/docs/errors');
    assert.equal(status, 200);
    for (const code of Object.keys(errorTable)) assert.ok(text.includes(`id="${code}"`), code);
  });

  test('the OpenAPI document names this installation`s own addresses', async () => {
    const answer = await new ApiClient(site.origin, site.ca).get('/v1/openapi.json');
    assert.equal(answer.headers['cache-control'], 'public, max-age=300');
    assert.equal(answer.body.openapi, '3.1.0');
    assert.equal(answer.body.servers[0].url, 'https://localhost:8443');
    assert.equal(answer.body.paths['/v1/tokens'].servers[0].url, 'https://localhost:8444');
  });

  test('the page has a section and a curl for every operation of the document', async () => {
    const client = new ApiClient(site.origin, site.ca);
    const { text } = await client.get('/docs');
    const { body } = await client.get('/v1/openapi.json');
    for (const item of Object.values(body.paths as Record<string, Record<string, unknown>>)) {
      for (const [method, operation] of Object.entries(item)) {
        if (method === 'servers') continue;
        const { operationId, summary } = operation as Record<string, string>;
        assert.ok(text.includes(`id="${operationId}"`), operationId);
        assert.ok(text.includes(`aria-label="Request: ${summary}"`), summary);
      }
    }
    assert.doesNotMatch(text, /style="|<style|onclick=|<script>|https?:\/\/(?!localhost|shop\.)/);
  });
});
