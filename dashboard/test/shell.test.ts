import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { signIn } from '../../tools/harness/sign-up.ts';
import { totpCode } from '../../tools/harness/totp.ts';
import { button, entry, heading, openScenes, pathOf, settled } from './page.ts';
import { overflow, violations } from './team.ts';

const scene = openScenes();

const focused = (page: Page) =>
  page.evaluate('[document.activeElement.tagName, document.activeElement.textContent].join(" ")');

const token = 'a'.repeat(43);
const bare = ['/sign-in', '/forgot-password', `/password-reset#token=${token}`, '/setup'];
const own = ['/account', '/account/factors', '/account/sessions', '/no-such-page'];

describe('looks', () => {
  for (const { theme, width, looked } of [
    { theme: 'light', width: 1440, looked: 'all' },
    { theme: 'dark', width: 320, looked: 'layout' },
  ] as const) {
    scene(`of one's account and of signing in, ${theme}, ${width} px`, async (team) => {
      const views = [
        ...bare.map((path) => ({ path, cookie: undefined })),
        ...own.map((path) => ({ path, cookie: team.owner.browser.cookie })),
      ];
      for (const { path, cookie } of views) {
        const page = await team.open(path, { cookie, theme, width });
        await page.getByRole('heading', { level: 1 }).waitFor();
        await settled(page);
        assert.deepEqual(await overflow(page), [], `${path} is wider than the screen`);
        assert.deepEqual(await violations(page, looked), [], path);
        await page.context().close();
      }
      assert.deepEqual(team.complaints.splice(0), []);
    });
  }

  scene('can be chosen, and are there before the first paint of the next visit', async (team) => {
    const page = await team.openAsOwner('/account');
    await button(page, /^Account:/).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    // Whatever has been painted before the application's script runs has the theme.
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    const ground = 'getComputedStyle(document.documentElement).backgroundColor';
    assert.equal(await page.evaluate(ground), 'rgb(14, 17, 22)');
    await page.context().close();
  });
});

describe('the policy', () => {
  scene('is broken by no page, and nothing is asked of another host', async (team) => {
    const page = await team.openAsOwner('/');
    await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
      console.error('refused: ' + event.violatedDirective + ' ' + event.blockedURI));`);
    page.on('request', (request) => {
      const isOwn = request.url().startsWith(`${team.payos.api.origin}/`);
      if (!isOwn && !request.url().startsWith('blob:')) team.complaints.push(request.url());
    });
    const seen = new Set<string>();
    const waiting = ['/'];
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      if (seen.has(path) || seen.size > 40) continue;
      seen.add(path);
      await page.goto(team.payos.api.origin + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page);
      const links = page.locator('a[href^="/"]');
      const found = await links.evaluateAll((all) =>
        (all as unknown as { pathname: string }[]).map(({ pathname }) => pathname),
      );
      waiting.push(...found.filter((link) => !link.startsWith('/docs')));
    }
    assert.ok(seen.size > 12, [...seen].join(' '));
    assert.deepEqual(team.complaints.splice(0), []);
    await page.context().close();
  });
});

describe('navigating', () => {
  scene('names each page, and moves the focus to its heading', async (team) => {
    const page = await team.openAsOwner('/');
    await heading(page, /^Welcome/).waitFor();
    for (const name of ['Members', 'Roles', 'Payments']) {
      await entry(page, name).click();
      await heading(page, name).waitFor();
      await page.locator('h1:focus').waitFor();
      assert.match(await page.title(), new RegExp(`^${name} · Shop · PayOS$`));
      assert.equal(await entry(page, name).getAttribute('aria-current'), 'page');
    }
    await page.goBack();
    await heading(page, 'Roles').waitFor();
    await page.context().close();
  });

  scene('leaves a page where it is until the next one is there, and says so', async (team) => {
    const page = await team.openAsOwner('/');
    await heading(page, /^Welcome/).waitFor();
    const held = Promise.withResolvers<void>();
    await page.route('**/assets/customers-*.js', async (route) => {
      await held.promise;
      await route.continue();
    });
    await entry(page, 'Customers').click();
    await page.locator('.page-bar').waitFor();
    assert.equal(await heading(page, /^Welcome/).count(), 1);
    held.resolve();
    await heading(page, 'Customers').waitFor();
    assert.equal(await page.locator('.page-bar').count(), 0);
    await page.context().close();
  });

  scene('works with the keyboard alone: skip link, then the palette', async (team) => {
    const page = await team.openAsOwner('/account');
    await heading(page, 'Your account').waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'A Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.match(String(await focused(page)), /Profile/, 'the navigation was skipped');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('audi');
    await page.getByRole('option', { name: 'Audit log' }).waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'Audit log').waitFor();
    await page.context().close();
  });

  scene('on a phone opens from a button, and makes way', async (team) => {
    const page = await team.openAsOwner('/account', { width: 320 });
    await button(page, 'Menu').click();
    const menu = page.getByRole('dialog', { name: 'Menu' });
    await menu.getByRole('link', { name: 'Roles' }).click();
    await heading(page, 'Roles').waitFor();
    assert.equal(await menu.count(), 0);
    await page.context().close();
  });
});

describe('modes', () => {
  scene('are switched in sight, kept, and shared by the tabs of a browser', async (team) => {
    const page = await team.openAsOwner('/payments');
    const live = (one: Page) => button(one, 'Live mode');
    assert.equal(await button(page, 'Test mode').getAttribute('aria-pressed'), 'true');
    const other = await page.context().newPage();
    await other.goto(`${team.payos.api.origin}/customers`);
    await heading(other, 'Customers').waitFor();
    const asked = page.waitForRequest(
      (request) =>
        request.url().includes('/v1/payments') && request.headers()['payos-mode'] === 'live',
    );
    await live(page).click();
    await asked;
    await other.locator('.segment[data-mode="live"][aria-pressed="true"]').waitFor();
    await page.reload();
    assert.equal(await live(page).getAttribute('aria-pressed'), 'true');
    await page.context().close();
  });

  scene('in which one has no role cannot be chosen', async (team) => {
    const roles = { test: 'developer', live: null };
    const person = await team.join('test-only@example.com', 'Tess', roles);
    const page = await team.open('/', { cookie: person.browser.cookie });
    await heading(page, /^Welcome/).waitFor();
    assert.equal(await button(page, 'Live mode').isDisabled(), true);
    assert.equal(await entry(page, 'Members').count(), 0);
    await page.goto(`${team.payos.api.origin}/members`);
    await page.getByText('members:read').waitFor();
    await page.context().close();
  });
});

describe('a session', () => {
  scene('that was ended elsewhere leads to sign-in, and from there back', async (team) => {
    const browser = await signIn(team.payos, team.owner);
    const page = await team.open('/roles', { cookie: browser.cookie });
    await heading(page, 'Roles').waitFor();
    assert.equal((await browser.call('DELETE', '/v1/session')).status, 200);
    await entry(page, 'Members').click();
    await page.getByText('Your session has ended.').waitFor();
    assert.equal(pathOf(page), '/sign-in?return=%2Fmembers');
    await page.context().close();
    await browser.close();
  });

  scene('warns before it ends for idleness, goes on when asked, and ends', async (team) => {
    const person = await team.join('idle@example.com', 'Ida', { test: 'analyst', live: null });
    const page = await team.open('/account', { cookie: person.browser.cookie });
    await page.clock.install();
    await page.reload();
    await heading(page, 'Your account').waitFor();
    // The server's clock is not the browser's: it is told how long nothing was done.
    const rest = (minutes: number) =>
      team.db.query(
        `UPDATE sessions SET last_used_at = now() - $2 * interval '1 minute' WHERE account_id = $1`,
        [person.account, minutes],
      );
    const warning = page.getByRole('dialog', { name: 'Are you still there?' });
    await page.clock.fastForward('12:30');
    assert.equal(await warning.count(), 0);
    await page.clock.fastForward('00:45');
    await warning.waitFor();
    await button(page, 'Stay signed in').click();
    await warning.waitFor({ state: 'detached' });
    await rest(13.5);
    await page.clock.fastForward('13:30');
    await warning.waitFor();
    await rest(16);
    await page.clock.fastForward('01:40');
    await page.getByText('Your session has ended.').waitFor();
    await page.context().close();
  });

  scene('asks for a factor again, and then goes on by itself', async (team) => {
    const page = await team.openAsOwner('/account/factors');
    await team.ageFactor(team.owner.account, 6);
    await button(page, 'Make new codes').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
    const asking = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await asking.waitFor();
    await asking.getByRole('button', { name: 'Close' }).click();
    await page.getByText('This asks for one of your factors again.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
    await asking.getByLabel(/^Code from/).fill(totpCode(team.owner.secret, 1));
    await asking.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('They are shown only now').waitFor();
    await page.context().close();
  });
});
