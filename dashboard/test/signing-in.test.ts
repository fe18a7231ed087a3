import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { goodPassword, type SignedUp } from '../../tools/harness/sign-up.ts';
import { totpCode } from '../../tools/harness/totp.ts';
import { asPath, button, heading, openScenes, pathOf } from './page.ts';
import { addPasskeyDevice } from './passkey-device.ts';
import { overflow, type Team, violations } from './team.ts';

const otherPassword = 'nine patient herons waiting';

const scene = openScenes();

/** Nobody is hindered, in either theme, and nothing is wider than a phone. */
async function assertFine(page: Page): Promise<void> {
  const size = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Colours are looked at after they have been painted.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))');
    const looked = colorScheme === 'light' ? 'all' : 'colours';
    assert.deepEqual(await violations(page, looked), []);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  assert.deepEqual(await overflow(page), []);
  if (size !== null) await page.setViewportSize(size);
}

async function setupPath({ payos }: Team): Promise<string> {
  const organization = await payos.operator.createOrganization('Empty');
  const { link } = await payos.operator.call('POST', '/operator/setup_links', { organization });
  return asPath(String(link));
}

async function givePassword(page: Page, { email, password }: Pick<SignedUp, 'email' | 'password'>) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Continue').click();
}

async function giveCode(page: Page, secret: string, steps = 0): Promise<void> {
  const code = totpCode(secret, steps);
  await page.getByLabel(/^Code from/).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
}

async function signOut(page: Page): Promise<void> {
  await button(page, /^Account:/).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
}

/** Takes the codes that are shown once, and says that they are saved. */
async function keepRecoveryCodes(page: Page): Promise<string[]> {
  await page.getByText('They are shown only now').waitFor();
  const codes = await page.locator('.code-grid li').allTextContents();
  assert.equal(codes.length, 10);
  await assertFine(page);
  assert.equal(await button(page, 'Continue').isDisabled(), true, 'not before they are saved');
  await page.getByLabel('I have saved my recovery codes').check();
  await button(page, 'Continue').click();
  return codes;
}

describe('setting up', () => {
  scene('makes an owner with an app, from the link to the home page', async (team) => {
    const page = await team.open(await setupPath(team));
    await heading(page, 'Set up PayOS').waitFor();
    assert.equal(await page.getByLabel('Organization').inputValue(), 'Empty');
    await page.getByLabel('Your name').fill('Mary Somerville');
    await page.getByLabel('Email').fill('mary@example.com');
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('mary@example.com');
    await page.getByText('Very easy to guess').waitFor();
    await button(page, 'Continue').click();
    await page.getByText('among the first that attackers try').waitFor();
    assert.equal(await password.getAttribute('aria-invalid'), 'true');
    await password.fill(goodPassword);
    await page.getByText(/^(Good|Very good)$/).waitFor();
    await button(page, 'Show the password').click();
    assert.equal(await password.getAttribute('type'), 'text');
    await button(page, 'Continue').click();
    await heading(page, 'Protect your account').waitFor();
    await page.getByText('Passkey · recommended').waitFor();
    await assertFine(page);
    await button(page, 'Use an app').click();
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
    await assertFine(page);
    const secret = await page.locator('main code').first().textContent();
    await page.getByLabel(/^Code from/).fill('000000');
    await button(page, 'Confirm').click();
    await page.getByText('That did not match.').waitFor();
    await giveCode(page, (secret ?? '').replaceAll(' ', ''));
    await button(page, 'Confirm').click();
    await keepRecoveryCodes(page);
    await heading(page, /^Welcome/).waitFor();
    assert.equal(pathOf(page), '/');
    assert.match(await page.title(), /Empty · PayOS$/);
    await page.context().close();
  });

  scene('does not work with a link that was used, cut off or made up', async (team) => {
    for (const path of ['/setup', `/setup#token=${'a'.repeat(43)}`, '/invitation#token=short']) {
      const page = await team.open(path);
      await heading(page, 'This link does not work anymore').waitFor();
      await page.context().close();
    }
  });
});

describe('a passkey', () => {
  scene('is enrolled, and then signs in by itself', async (team) => {
    const page = await team.open(await setupPath(team));
    const device = await addPasskeyDevice(page);
    await page.getByLabel('Your name').fill('Emmy Noether');
    await page.getByLabel('Email').fill('emmy@example.com');
    await page.getByLabel('Password', { exact: true }).fill(goodPassword);
    await button(page, 'Continue').click();
    await button(page, 'Create a passkey').click();
    await keepRecoveryCodes(page);
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await device.setPresence(false);
    await signOut(page);
    await device.setPresence(true);
    await button(page, 'Sign in with a passkey')
      .click({ timeout: 3_000 })
      .catch(() => {});
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.goto(`${team.payos.api.origin}/account/factors`);
    await page.getByRole('heading', { name: 'Passkeys' }).waitFor();
    assert.equal(await page.getByRole('table', { name: 'Your passkeys' }).count(), 1);
    await page.context().close();
  });
});

describe('the second factor', () => {
  scene('is asked for after the password: a code of the app, or a recovery code', async (team) => {
    const person = await team.join('rosalind@example.com', 'Rosalind', everything);
    const page = await team.open('/account/sessions?x=1');
    await heading(page, 'Sign in').waitFor();
    assert.equal(pathOf(page), '/sign-in?return=%2Faccount%2Fsessions%3Fx%3D1');
    await givePassword(page, { ...person, password: 'not the right password' });
    await page.getByText('That did not match.').waitFor();
    await givePassword(page, person);
    await heading(page, 'Enter a code').waitFor();
    assert.equal(await page.evaluate('document.activeElement.name'), 'code');
    await assertFine(page);
    await page.reload();
    await giveCode(page, person.secret);
    await button(page, 'Sign in').click();
    await heading(page, 'Your sessions').waitFor();
    assert.equal(pathOf(page), '/account/sessions?x=1', 'one comes back to where one was going');
    await signOut(page);
    assert.equal(pathOf(page), '/sign-in', 'the next person is not told where one was');
    await givePassword(page, person);
    await button(page, 'Use a recovery code').click();
    await page.getByLabel('Recovery code').fill(person.recoveryCodes[0] ?? '');
    await page.keyboard.press('Enter');
    await heading(page, /^Welcome/).waitFor();
    await page.context().close();
  });

  scene('cannot be skipped, and a return path leads nowhere else', async (team) => {
    const person = await team.join('grace@example.com', 'Grace', everything);
    const page = await team.open('/sign-in?return=//evil.example/x');
    await givePassword(page, person);
    await heading(page, 'Enter a code').waitFor();
    await page.goto(`${team.payos.api.origin}/payments`);
    await heading(page, 'Enter a code').waitFor();
    await page.goto(`${team.payos.api.origin}/sign-in?return=//evil.example/x`);
    await giveCode(page, person.secret);
    await button(page, 'Sign in').click();
    await heading(page, /^Welcome/).waitFor();
    assert.equal(page.url(), `${team.payos.api.origin}/`);
    await page.context().close();
  });

  scene('when lost, is enrolled anew after another member has agreed', async (team) => {
    const person = await team.join('hedy@example.com', 'Hedy', everything);
    const page = await team.open('/sign-in');
    await givePassword(page, person);
    await button(page, 'I have lost all of these').click();
    await page.getByLabel('What happened').fill('My phone fell into the sea');
    await assertFine(page);
    await button(page, 'Ask for new factors').click();
    await heading(page, 'Waiting for another member').waitFor();
    await assertFine(page);
    await page.reload();
    await heading(page, 'Waiting for another member').waitFor();
    await team.ageFactor(team.owner.account, 0);
    const { browser } = team.owner;
    const { data } = (await browser.get('/v1/factor_resets')).body;
    const request = data.find(({ email }: { email: string }) => email === person.email);
    const approved = await browser.post(`/v1/factor_resets/${request.id}/approve`);
    assert.equal(approved.status, 200, approved.text);
    await page.getByText('If your request was approved').waitFor();
    await givePassword(page, person);
    await heading(page, 'Protect your account').waitFor();
    await page.context().close();
  });
});

describe('links of mails', () => {
  scene('a forgotten password is replaced, and the factor still asked for', async (team) => {
    const person = await team.join('lise@example.com', 'Lise', everything);
    const page = await team.open('/sign-in');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    // The page left behind has a field of that name too.
    await heading(page, 'Reset your password').waitFor();
    await page.getByLabel('Email').fill(person.email);
    await button(page, 'Send the link').click();
    await heading(page, 'Look at your mail').waitFor();
    const mail = await nextMail(team, person.email, /password-reset#/);
    await page.goto(team.payos.api.origin + asPath(mail));
    await heading(page, 'Choose a new password').waitFor();
    await page.getByLabel('New password').fill(otherPassword);
    await button(page, 'Change the password').click();
    await heading(page, 'Your password was changed').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await givePassword(page, { ...person, password: otherPassword });
    await heading(page, 'Enter a code').waitFor();
    await page.context().close();
  });

  scene('a new address is asked for again with a factor, then proves itself', async (team) => {
    const person = await team.join('chien@example.com', 'Chien', everything);
    await team.ageFactor(person.account, 6);
    const page = await team.open('/account', { cookie: person.browser.cookie });
    await button(page, 'Change').first().click();
    await page.getByLabel('New email').fill('wu@example.com');
    await page.getByLabel('Your password').fill(person.password);
    await button(page, 'Send the link').click();
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
    await assertFine(page);
    await button(page, 'Close').click();
    await page.getByText('This asks for one of your factors again.').waitFor();
    await button(page, 'Send the link').click();
    await giveCode(page, person.secret);
    await button(page, 'Confirm').click();
    await page.getByText('A link is on its way to wu@example.com').waitFor();
    const link = await nextMail(team, 'wu@example.com', /email-change#/);
    await page.goto(team.payos.api.origin + asPath(link));
    await button(page, 'Use this address').click();
    await heading(page, 'Your address was changed').waitFor();
    await page.goto(`${team.payos.api.origin}/account`);
    await page.getByText('wu@example.com').first().waitFor();
    await page.context().close();
  });
});

const everything = { test: 'admin', live: 'admin' } as const;

/** The link of the next mail to somebody that has one like this. */
async function nextMail({ payos }: Team, to: string, like: RegExp): Promise<string> {
  for (;;) {
    const { links } = await payos.mail.next(to);
    const link = links.find((one) => like.test(one));
    if (link !== undefined) return link;
  }
}
