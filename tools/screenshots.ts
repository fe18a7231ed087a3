import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { buildDashboard } from '../launcher/src/build-dashboard.ts';
import { startBrowser } from './browser.ts';
import type { BrowserSession } from './harness/browser-session.ts';
import { startCluster } from './harness/cluster.ts';
import { type Installation, startInstallation } from './harness/installation.ts';
import { goodPassword, openBrowser } from './harness/sign-up.ts';
import { totpCode } from './harness/totp.ts';
import { root } from './program.ts';

/**
 * `npm run screenshots`: the pictures of the guides. Starts an installation of its own, sets it up
 * in a browser, fills it through the API as its users would, and looks at it. Nobody in it exists.
 */
const folder = join(root, 'docs/images');
const bytesMax = 120_000;
const wide = { width: 1180, height: 760 };
const narrow = { width: 640, height: 700 };
const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1';

type Scene = { payos: Installation; page: Page };
type Roles = { test: string | null; live: string | null };

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const headingOf = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1 });

/** Keeps what the page shows. `height`: as much of it as is worth showing. */
async function shoot(page: Page, name: string, height?: number): Promise<void> {
  const size = page.viewportSize() ?? wide;
  if (height !== undefined) await page.setViewportSize({ ...size, height });
  await page.evaluate('document.fonts.ready');
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  if (height !== undefined) await page.setViewportSize(size);
  const bytes = statSync(path).size;
  console.log(`docs/images/${name}.png: ${Math.ceil(bytes / 1000)} kB`);
  if (bytes > bytesMax) throw new Error(`${name}.png is larger than ${bytesMax} bytes`);
}

async function openPage(browser: Browser, path: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: narrow,
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ignoreHTTPSErrors: true,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

/** The first owner, from the link to the home page. @returns the secret of their app */
async function setUp({ page }: Scene): Promise<string> {
  await headingOf(page, 'Set up PayOS').waitFor();
  await page.getByLabel('Your name').fill('Ada Marsh');
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByText(/^(Good|Very good)$/).waitFor();
  await shoot(page, 'set-up', 760);
  await button(page, 'Continue').click();
  await headingOf(page, 'Protect your account').waitFor();
  await page.getByText('Passkey · recommended').waitFor();
  await shoot(page, 'first-factor', 660);
  await button(page, 'Use an app').click();
  const shown = await page.locator('main code').first().textContent();
  const secret = (shown ?? '').replaceAll(' ', '');
  // The code before this one, so that two more are good at once.
  await page.getByLabel(/^Code from/).fill(totpCode(secret, -1));
  await button(page, 'Confirm').click();
  await page.getByLabel('I have saved my recovery codes').check();
  await button(page, 'Continue').click();
  await headingOf(page, /^Welcome/).waitFor();
  await page.setViewportSize(wide);
  return secret;
}

/** What the page's person does by program: the same session. */
async function sessionOf({ payos, page }: Scene): Promise<BrowserSession> {
  const client = openBrowser(payos);
  const [cookie] = await page.context().cookies();
  client.cookie = `${cookie?.name}=${cookie?.value}`;
  await client.get('/v1/session');
  return client;
}

type Person = { browser: BrowserSession; email: string };

/** Somebody who accepts an invitation and enrols an app. */
async function accept(
  { payos }: Scene,
  owner: BrowserSession,
  [name, email, roles]: readonly [string, string, Roles],
): Promise<Person> {
  const { link } = (await owner.post('/v1/invitations', { email, roles })).body;
  const token = String(link).split('#token=')[1];
  const browser = openBrowser(payos);
  await browser.post('/v1/invitations/accept', { token, name, password: goodPassword });
  const { secret } = (await browser.post('/v1/account/totp')).body;
  await browser.post('/v1/account/totp/confirm', { code: totpCode(secret) });
  return { browser, email };
}

/** A shop on an ordinary day. @returns the payment to look at */
async function trade({ payos }: Scene, organization: string): Promise<string> {
  const { key } = await payos.operator.mint(organization, { name: 'Shop server' });
  const pay = async (amount: number, reference: string, more: object = {}, ending = '4242') => {
    const number = ending === '4242' ? '4242424242424242' : '4000000000009995';
    const card = { number, exp_month: 12, exp_year: 2031, cvc: '123' };
    const token = (await payos.vault.post('/v1/tokens', key, { type: 'card', card })).body.id;
    const body = { amount, currency: 'EUR', token, reference, ...more };
    const { body: paid } = await payos.api.post('/v1/payments', key, body);
    return String(paid.payment ?? paid.id);
  };
  const amounts = [1999, 4900, 12_450, 850, 2390, 7500];
  for (const [index, amount] of amounts.entries()) await pay(amount, `order-${1040 + index}`);
  await pay(38_900, 'order-1046', {}, '9995');
  const customer = { name: 'Mira Falk', email: 'mira@example.com' };
  const { id } = (await payos.api.post('/v1/customers', key, customer)).body;
  const held = { capture: 'manual', save_for: id, description: 'Two lamps, one returned' };
  const payment = await pay(15_800, 'order-1047', held);
  await payos.api.post(`/v1/payments/${payment}/capture`, key, {});
  await payos.api.post('/v1/refunds', key, { payment, amount: 7900, reason: 'returned' });
  return payment;
}

/** The people of the shop, and what happens to them. */
async function staff(scene: Scene, owner: BrowserSession, organization: string) {
  const { payos } = scene;
  const everybody = [
    ['Ben Okoye', 'ben@example.com', { test: 'admin', live: 'admin' }],
    ['Chloe Winter', 'chloe@example.com', { test: 'developer', live: 'analyst' }],
    ['Dan Rossi', 'dan@example.com', { test: 'support', live: 'support' }],
    ['Eva Lindholm', 'eva@contractor.example', { test: 'developer', live: null }],
  ] as const;
  const people: Person[] = [];
  for (const one of everybody) people.push(await accept(scene, owner, one));
  const [ben, , dan] = people;
  if (ben === undefined || dan === undefined) throw new Error('nobody joined');
  const roles = { test: 'support', live: null };
  await ben.browser.post('/v1/invitations', { email: 'finn@example.com', roles });
  for (const name of ['Nightly export', 'Laptop']) {
    await payos.operator.mint(organization, { name, owner: ben.email });
  }
  const lost = openBrowser(payos);
  await lost.post('/v1/sign_in/password', { email: dan.email, password: goodPassword });
  const reason = 'My phone fell into the harbour on Monday. Reach me at extension 12.';
  await lost.post('/v1/sign_in/factor_reset', { reason });
  await Promise.all([lost, ...people.map(({ browser }) => browser)].map((one) => one.close()));
}

/** Keys of several programs, one of them on its way to be replaced. @returns that one */
async function provide({ payos }: Scene, owner: BrowserSession): Promise<string> {
  const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
  const make = async (name: string, more: object): Promise<{ id: string; key: string }> =>
    (await owner.post('/v1/api_keys', { name, ...more })).body;
  const reading = ['payments:read', 'refunds:read', 'reports:read', 'events:read'];
  await make('Support desk', { permissions: reading, service: 'helpdesk', expires_at: days(80) });
  await make('Checkout page', { kind: 'publishable', allowed_origins: ['https://shop.example'] });
  const books = await make('Bookkeeping', { permissions: reading, expires_at: null });
  const more = { permissions: reading, service: 'warehouse', expires_at: days(9) };
  const night = await make('Nightly stock report', more);
  for (const path of ['payments', 'payments', 'refunds']) {
    await payos.api.get(`/v1/${path}`, night.key);
    await payos.api.get(`/v1/${path}`, books.key);
  }
  await owner.post(`/v1/api_keys/${night.id}/rotate`, { overlap_seconds: 259_200 });
  return night.id;
}

async function lookAtKeys({ page, payos }: Scene, rotated: string): Promise<void> {
  const { origin } = payos.api;
  await page.goto(`${origin}/api-keys/new`);
  await page.getByLabel('Name', { exact: true }).fill('Shop server');
  await page.getByLabel(/^Service/).fill('checkout');
  await shoot(page, 'new-api-key', 900);
  await page.goto(`${origin}/api-keys/${rotated}`);
  await page.getByRole('table', { name: 'Uses of the key' }).waitFor();
  await shoot(page, 'api-key', 1000);
  await page.goto(`${origin}/api-keys/safety`);
  await page.getByText(/looked at/).waitFor();
  await shoot(page, 'key-safety', 640);
}

async function lookAtPayments({ page, payos }: Scene, payment: string): Promise<void> {
  await page.goto(`${payos.api.origin}/`);
  await page.getByRole('table', { name: 'Latest payments' }).waitFor();
  await shoot(page, 'home', 900);
  await page.goto(`${payos.api.origin}/payments/${payment}`);
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  await shoot(page, 'payment', 800);
}

async function lookAtPeople({ page, payos }: Scene): Promise<void> {
  const { origin } = payos.api;
  await page.goto(`${origin}/members`);
  await page.getByText('Somebody lost all factors and asks for help').waitFor();
  await page.getByRole('row', { name: /Chloe Winter/ }).waitFor();
  await shoot(page, 'lost-factors', 860);
  await button(page, /^Invite/)
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email address').fill('gus@example.com');
  await dialog.getByLabel('Role in test mode').selectOption({ label: 'Developer' });
  await dialog.getByLabel('Role in live mode').selectOption({ label: 'Analyst' });
  await shoot(page, 'invite', 700);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Ben Okoye' }).click();
  await button(page, 'Actions').click();
  await page.getByRole('menuitem', { name: /^Disable/ }).click();
  await page.getByText('Nightly export').waitFor();
  await shoot(page, 'disable', 760);
}

async function lookAtRules({ page, payos }: Scene): Promise<void> {
  const { origin } = payos.api;
  await page.goto(`${origin}/roles/new`);
  await page.getByLabel('Start with the permissions of').selectOption({ label: 'Analyst' });
  await page.getByLabel('Name', { exact: true }).fill('Refund desk');
  await page.getByLabel(/^Send money back to customers/).check();
  await shoot(page, 'role', 900);
  await page.goto(`${origin}/security`);
  await page.getByText('You stay in.').waitFor();
  await page.getByLabel('Email domains').fill('example.com');
  await page.getByText('1 member would be locked out').waitFor();
  await shoot(page, 'rules', 820);
  await page.goto(`${origin}/audit-log`);
  await page.getByRole('table', { name: 'Audit log' }).waitFor();
  await shoot(page, 'audit-log', 800);
}

/** One's own account: a second session, and an act after a while. */
async function lookAtAccount({ page, payos }: Scene, secret: string): Promise<void> {
  const { origin } = payos.api;
  const other = openBrowser(payos, { userAgent: phone });
  await other.post('/v1/sign_in/password', { email: 'ada@example.com', password: goodPassword });
  await other.post('/v1/sign_in/totp', { code: totpCode(secret, 1) });
  await page.goto(`${origin}/account/sessions`);
  await page.getByText('Safari on iOS').waitFor();
  await shoot(page, 'sessions', 480);
  // Nobody waits for the five minutes.
  const db = await payos.connect('control');
  await db.query(`UPDATE sessions SET factor_at = now() - interval '6 minutes'`);
  await db.end();
  await page.goto(`${origin}/account/factors`);
  await button(page, 'Make new codes').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
  await page.getByText('Confirm that it is you').waitFor();
  await shoot(page, 'step-up', 640);
  await other.close();
}

async function walk(browser: Browser, payos: Installation): Promise<void> {
  const organization = await payos.operator.createOrganization('Corner shop');
  const { link } = await payos.operator.call('POST', '/operator/setup_links', { organization });
  const scene = { payos, page: await openPage(browser, String(link)) };
  const secret = await setUp(scene);
  const owner = await sessionOf(scene);
  const payment = await trade(scene, organization);
  await lookAtPayments(scene, payment);
  await staff(scene, owner, organization);
  const rotated = await provide(scene, owner);
  await owner.close();
  await lookAtPeople(scene);
  await lookAtRules(scene);
  await lookAtKeys(scene, rotated);
  await lookAtAccount(scene, secret);
}

mkdirSync(folder, { recursive: true });
await buildDashboard();
const running = await startCluster();
try {
  const opened = await startBrowser();
  if (opened === undefined) throw new Error('there is no browser to look with');
  const payos = await startInstallation({ cluster: running.cluster });
  try {
    await walk(opened.browser, payos);
  } finally {
    await opened.stop();
    await payos.stop();
  }
} finally {
  await running.stop();
}
