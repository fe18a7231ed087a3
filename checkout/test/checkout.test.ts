import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { buildCheckout } from '../../launcher/src/build-checkout.ts';
import { buildFields } from '../../launcher/src/build-fields.ts';
import { openSharedShop, type SharedShop } from '../../server/test/shop.ts';
import { startBrowser, type TestBrowser } from '../../tools/browser.ts';
import { violations } from '../../tools/harness/violations.ts';

let shop: SharedShop;
let chromium: TestBrowser | undefined;
const complaints: string[] = [];

before(async () => {
  await Promise.all([buildCheckout(), buildFields()]);
  shop = await openSharedShop();
  chromium = await startBrowser();
});
after(async () => {
  await chromium?.stop();
  await shop?.stop();
});

type Options = { locale?: string; width?: number; theme?: 'light' | 'dark' };

async function session(more: object = {}) {
  const { origin } = shop.api;
  const answer = await shop.post('/v1/checkout_sessions', {
    ...{ amount: 129_950, currency: 'EUR', reference: 'order-7', description: 'Two tickets' },
    ...{ return_url: `${origin}/docs?a=1`, cancel_url: `${origin}/docs/errors`, ...more },
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.body as { id: string; url: string };
}

async function visit(
  url: string,
  { locale = 'en-GB', width = 1280, theme = 'light' }: Options = {},
) {
  assert.ok(chromium);
  const context = await chromium.browser.newContext({
    ...{ locale, viewport: { width, height: 800 }, colorScheme: theme },
    ...{ reducedMotion: 'reduce', ignoreHTTPSErrors: true },
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (!/^Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return page;
}

/** The frame of a field: only the browser's debugger can look into it, no page can. */
async function frameOf(page: Page, kind: string, within = '.new-card'): Promise<Frame> {
  const handle = await page.locator(`${within} .field.${kind} iframe`).elementHandle();
  const frame = await handle?.contentFrame();
  assert.ok(frame);
  return frame;
}

async function type(page: Page, number: string): Promise<void> {
  const texts = { number, expiry: '1231', cvc: '123' };
  for (const [kind, text] of Object.entries(texts)) {
    await (await frameOf(page, kind)).locator('input').fill(text);
  }
}

const codeOf = async (page: Page) => (await frameOf(page, 'cvc', '.saved-code')).locator('input');
const pay = (page: Page) => page.locator('button.pay');
const declined = '4000000000009995';

const test = (name: string, run: () => Promise<void>) =>
  it(name, async (t) => (chromium === undefined ? t.skip('there is no browser') : run()));

describe('the checkout page', () => {
  test('takes a declined card, then another, and leads back to the shop', async () => {
    const { id, url } = await session();
    const page = await visit(url);
    await page.getByRole('heading', { name: '€1,299.50' }).waitFor();
    assert.equal(await page.title(), 'Pay Shop');
    await type(page, declined);
    assert.deepEqual(await violations(page), []);
    await pay(page).click();
    const alert = page.getByRole('alert');
    await alert.filter({ hasText: 'not enough money' }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.getAttribute("role")'), 'alert');
    await type(page, '4242424242424242');
    // By keyboard, and twice.
    await pay(page).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/docs\?/);
    const back = new URL(page.url());
    assert.equal(back.search, `?a=1&status=succeeded&checkout_session=${id}`);
    const made = await shop.get(`/v1/checkout_sessions/${id}`);
    assert.deepEqual([made.body.status, made.body.tries], ['complete', 2]);
    // The page is left for good: its place in the history is the shop's.
    await page.goto(url);
    await page.getByRole('heading', { name: 'Payment received' }).waitFor();
    assert.equal(await pay(page).count(), 0);
    await page.context().close();
  });

  test('keeps its secret and the card to itself', async () => {
    const { url } = await session();
    const page = await visit('about:blank');
    const sent: string[] = [];
    page.on('request', (request) => {
      const { referer = '' } = request.headers();
      sent.push(request.url(), referer, request.postData() ?? '');
    });
    await page.goto(url);
    await frameOf(page, 'cvc');
    await type(page, '4242424242424242');
    await page.locator('a.cancel').click();
    await page.waitForURL(/status=canceled/);
    const secret = new URL(url).hash.slice(1);
    assert.ok(sent.length > 10);
    assert.ok(!sent.some((text) => text.includes(secret.slice(-20))));
    await page.goBack();
    await page.getByRole('heading', { name: '€1,299.50' }).waitFor();
    assert.equal(await pay(page).isEnabled(), true);
    const answer = await page.request.get(url);
    const policy = answer.headers()['content-security-policy'] ?? '';
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.match(await answer.text(), /payos\.js" integrity="sha384-/);
    await page.context().close();
  });

  test('offers saved cards, and saves one that the visitor wants to be saved', async () => {
    const { customer } = (await shop.pay({ save_for: 'ada' })).body;
    const more = { customer, save_payment_method: true };
    const page = await visit((await session(more)).url, { theme: 'dark' });
    await page.getByLabel('Visa ending in 4242').waitFor();
    await page.getByLabel('Another card').check();
    await type(page, '5555555555554444');
    await page.getByLabel('Save this card').check();
    assert.deepEqual(await violations(page), []);
    await pay(page).click();
    await page.waitForURL(/status=succeeded/);
    const cards = await shop.get(`/v1/payment_methods?customer=${customer}`);
    assert.equal(cards.body.data.length, 2);
    await page.goto((await session(more)).url);
    assert.equal(await page.getByLabel('Mastercard ending in 4444').isChecked(), true);
    await (await codeOf(page)).fill('123');
    await pay(page).click();
    await page.waitForURL(/status=succeeded/);
    await page.context().close();
  });

  test('asks for the code of a saved card, by keyboard and in narrow windows, too', async () => {
    const { customer } = (await shop.pay({ save_for: 'kay' })).body;
    const { id, url } = await session({ customer });
    const page = await visit(url, { width: 320, theme: 'dark', locale: 'de' });
    await (await codeOf(page)).waitFor();
    assert.deepEqual(await violations(page), []);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    assert.ok(Number(width) <= 320, String(width));
    await page.getByRole('group', { name: 'Prüfnummer der gewählten Karte' }).waitFor();
    await pay(page).click();
    await page.locator('.problem[role=alert]:not([hidden])').waitFor();
    const shown = await shop.get(`/v1/checkout_sessions/${id}`);
    assert.deepEqual([shown.body.tries, shown.body.status], [0, 'open']);
    await page.getByLabel('Andere Karte').check();
    assert.equal(await page.locator('.saved-code').isVisible(), false);
    await page.getByLabel('Visa mit Endziffern 4242').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    // The frame is another process: what is typed before it has the focus goes nowhere.
    await (await frameOf(page, 'cvc', '.saved-code')).locator('input:focus').waitFor();
    await page.keyboard.type('127');
    // What was typed for one card is not for another.
    assert.equal(await (await codeOf(page)).inputValue(), '127');
    await page.getByLabel('Andere Karte').check();
    await page.getByLabel('Visa mit Endziffern 4242').check();
    assert.equal(await (await codeOf(page)).inputValue(), '');
    await (await codeOf(page)).fill('123');
    await (await codeOf(page)).press('Enter');
    await page.waitForURL(/status=succeeded/);
    const more = { customer, saved_card_code: 'off' };
    await page.goto((await session(more)).url);
    await pay(page).waitFor();
    assert.equal(await page.locator('.saved-code').count(), 0);
    await pay(page).click();
    await page.waitForURL(/status=succeeded/);
    await page.context().close();
  });

  test('is shown within no other page, and whoever opens it has no hold of it', async () => {
    const { url } = await session();
    const page = await (await visit('about:blank')).context().newPage();
    // A page that lays this one under its own, so that somebody presses its button unawares.
    const refused = page.waitForEvent('console', (said) => /frame-ancestors/.test(said.text()));
    await page.setContent(`<iframe style="opacity: 0" src="${url}"></iframe>`);
    await refused;
    assert.equal(await page.frames()[1]?.locator('button').count(), 0);
    // A window that it opens, to put itself in front of it or to lead it elsewhere.
    const opened = page.waitForEvent('popup');
    await page.evaluate(`void (window.held = open(${JSON.stringify(url)}))`);
    const other = await opened;
    await pay(other).waitFor();
    assert.equal(await other.evaluate('opener'), null);
    assert.equal(await page.evaluate('held.closed'), true);
    await page.evaluate('held.location = "about:blank#elsewhere"');
    assert.equal(await pay(other).isEnabled(), true);
    await page.context().close();
  });

  test('waits for an outcome that nobody knows, also after a reload', async () => {
    const { id, url } = await session();
    const page = await visit(url);
    await type(page, '4000000000000309');
    await pay(page).click();
    await page.getByRole('heading', { name: /being processed|received/ }).waitFor();
    await page.waitForURL(/status=succeeded/);
    const { body } = await shop.get(`/v1/payments?reference=order-7&limit=100`);
    const own = body.data.filter(
      (one: { checkout_session: string }) => one.checkout_session === id,
    );
    assert.equal(own.length, 1);
    await page.context().close();
  });

  test('says that a page has ended, and that a link does not work', async () => {
    const { id, url } = await session();
    await shop.post(`/v1/checkout_sessions/${id}/expire`);
    const page = await visit(url);
    await page.getByRole('heading', { name: 'This page has expired' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.goto(`${url.slice(0, -2)}xx`);
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    await page.context().close();
  });

  for (const [locale, amount, direction] of [
    ['ar-EG', /١٬٢٩٩٫٥٠|1,299\.50/, 'rtl'],
    ['de-DE', /1\.299,50/, 'ltr'],
    ['fr-FR', /1\s299,50/u, 'ltr'],
    ['es-ES', /1299,50|1\.299,50/, 'ltr'],
  ] as const) {
    test(`fits 320 pixels in ${locale}`, async () => {
      const page = await visit((await session()).url, { locale, width: 320 });
      await page.getByRole('heading', { name: amount }).waitFor();
      await frameOf(page, 'cvc');
      const root = 'document.documentElement';
      const shown = await page.evaluate(`[${root}.dir, ${root}.scrollWidth]`);
      assert.deepEqual(shown, [direction, 320]);
      if (direction === 'rtl') assert.deepEqual(await violations(page), []);
      await page.context().close();
    });
  }

  test('makes the browser complain of nothing', async () => {
    assert.deepEqual(complaints, []);
  });
});
