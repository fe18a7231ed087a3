import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildDashboard } from '../../launcher/src/build-dashboard.ts';
import { startBrowser } from '../../tools/browser.ts';
import { startInstallation } from '../../tools/harness/installation.ts';
import type { ProcessName } from '../../tools/harness/processes.ts';
import {
  enterInstallation,
  type SharedInstallation,
} from '../../tools/harness/shared-installation.ts';
import { openBrowser, type SignedUp, signUp } from '../../tools/harness/sign-up.ts';
import { previousCode } from '../../tools/harness/totp.ts';

export { violations } from '../../tools/harness/violations.ts';

export type Theme = 'light' | 'dark';
type View = { cookie?: string | undefined; theme?: Theme; width?: number };
export type Team = NonNullable<Awaited<ReturnType<typeof openTeam>>>;
export type SharedTeam = NonNullable<Awaited<ReturnType<typeof openSharedTeam>>>;

/** A browser, and an installation whose owner is signed in. Undefined where there is no browser. */
export async function openTeam(start: readonly ProcessName[] = ['server', 'worker']) {
  await buildDashboard();
  return setUpTeam(await startInstallation({ start }), 'ada@example.com');
}

/** The same in the installation that many test files share. */
export async function openSharedTeam() {
  await buildDashboard();
  return setUpTeam(await enterInstallation(), `ada.${randomBytes(6).toString('hex')}@example.com`);
}

async function setUpTeam<I extends SharedInstallation>(payos: I, email: string) {
  const owner = await signUp(payos, { email });
  // Not before the rest has succeeded: a browser that nobody stops keeps a test file running.
  const browser = await startBrowser();
  if (browser === undefined) {
    await owner.browser.close();
    await payos.stop();
    return undefined;
  }
  const db = await payos.connect('control');
  const { origin } = payos.api;
  const complaints: string[] = [];
  /** A page in a browser of its own; whatever the browser complains of is noted. */
  const open = async (path: string, { cookie, theme = 'light', width = 1280 }: View = {}) => {
    const context = await browser.browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: theme,
      reducedMotion: 'reduce',
      ignoreHTTPSErrors: true,
    });
    if (cookie !== undefined) await addCookie(context, origin, cookie);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    page.on('console', (message) => {
      // Answers that say no are what some of the tests are about.
      if (!/^Failed to load resource/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(origin + path);
    return page;
  };
  /** As if the person had given a factor that many minutes ago. */
  const ageFactor = (account: string, minutes: number) =>
    db.query(
      `UPDATE sessions SET factor_at = now() - $2 * interval '1 minute' WHERE account_id = $1`,
      [account, minutes],
    );
  return {
    payos,
    db,
    owner,
    complaints,
    open,
    /** A page of the owner's. */
    openAsOwner: (path: string, view: View = {}) =>
      open(path, { cookie: owner.browser.cookie, ...view }),
    ageFactor,
    /** Runs a test; one that fails tells what was on the screen. */
    watch: (run: () => Promise<void>) =>
      run().catch((error) => tellScreens(browser.browser, error)),
    /** Somebody with a password and an app, who accepted an invitation of the owner's. */
    join: async (email: string, name: string, roles: Roles) => {
      await ageFactor(owner.account, 0);
      return joinByInvitation(payos, owner, { email, name, roles });
    },
    stop: async () => {
      await browser.stop();
      await db.end();
      await owner.browser.close();
      await payos.stop();
    },
  };
}

async function tellScreens(browser: Browser, error: Error): Promise<never> {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const text = await page.locator('body').innerText({ timeout: 1_000 }).catch(String);
    error.stack += `\n\nOn the screen, ${page.url()}:\n${text.slice(0, 2_000)}`;
  }
  throw error;
}

type Roles = { test: string | null; live: string | null };

async function addCookie(context: BrowserContext, origin: string, cookie: string): Promise<void> {
  const [name = '', value = ''] = cookie.split('=');
  const safe = { secure: true, httpOnly: true, sameSite: 'Strict' } as const;
  await context.addCookies([{ name, value, url: origin, ...safe }]);
}

async function joinByInvitation(
  payos: Parameters<typeof signUp>[0],
  owner: SignedUp,
  { email, name, roles }: { email: string; name: string; roles: Roles },
): Promise<SignedUp> {
  const { password, organization } = owner;
  const invited = await owner.browser.post('/v1/invitations', { email, roles });
  assert.equal(invited.status, 201, invited.text);
  const token = String(invited.body.link).split('#token=')[1];
  const browser = openBrowser(payos);
  const accepted = await browser.post('/v1/invitations/accept', { token, name, password });
  assert.equal(accepted.body.state, 'enrollment', accepted.text);
  const { secret } = (await browser.post('/v1/account/totp')).body;
  const code = await previousCode(secret);
  const confirmed = await browser.post('/v1/account/totp/confirm', { code });
  assert.equal(confirmed.status, 200, confirmed.text);
  const { id: account } = accepted.body.account;
  const { recovery_codes: recoveryCodes } = confirmed.body;
  return { browser, organization, account, email, password, secret, recoveryCodes };
}

/** What is wider than its place: the page than the screen, a table or a value than its card. */
export async function overflow(page: Page): Promise<unknown> {
  // A new size is not everywhere in the first picture.
  await page.evaluate(nextFrames);
  return page.evaluate(`[
    document.documentElement,
    ...document.querySelectorAll('.card, .table-scroll, .card dd'),
  ].flatMap((one) => {
    const more = one.scrollWidth - one.clientWidth;
    return more > 0 ? [more + ' px: ' + one.className + ' ' + one.textContent.slice(0, 50)] : [];
  })`);
}

const nextFrames =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))';
