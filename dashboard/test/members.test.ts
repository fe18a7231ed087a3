import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { builtInRoles } from 'payos-contract';
import type { Page } from 'playwright-core';
import { goodPassword, openBrowser, signIn } from '../../tools/harness/sign-up.ts';
import { totpCode } from '../../tools/harness/totp.ts';
import { asPath, entry, heading, openScenes, settled } from './page.ts';
import { overflow, type Team, type Theme, violations } from './team.ts';

const scene = openScenes();

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page) => page.getByRole('dialog');
/** Opens the page of a member from the list, as a person would. */
/** How many permissions the role has that sees payments and changes nothing. */
const seeing = builtInRoles.analyst.permissions.length;

async function openMember(page: Page, name: string): Promise<void> {
  await entry(page, 'Members').click();
  await page.getByRole('table').getByRole('link', { name }).click();
  await heading(page, name).waitFor();
}

describe('an invitation', () => {
  scene('leads from a link to a new account that sees only what the role shows', async (team) => {
    const page = await team.openAsOwner('/members');
    await button(page, 'Invite somebody').first().click();
    const asking = dialog(page);
    await asking.getByLabel('Email address').fill('grace@example.com');
    await asking.getByLabel('Role in test mode').selectOption({ label: 'Analyst' });
    await asking.getByText(`What Analyst allows in test mode (${seeing})`).click();
    await asking.getByText('See payments and their attempts').waitFor();
    await asking.getByRole('button', { name: 'Invite', exact: true }).click();
    await dialog(page).getByText('The link is on its way by email').waitFor();
    const link = await dialog(page).getByRole('region', { name: 'Link of the invitation' });
    const copied = (await link.textContent()) ?? '';
    const mail = await team.payos.mail.next('grace@example.com');
    const url = mail.links[0] ?? '';
    assert.notEqual(url, copied.trim(), 'only the mailed link proves who reads the mail');
    await button(page, 'Done').click();
    await page.getByRole('link', { name: 'Invitations (1)' }).click();
    await page
      .getByRole('row', { name: /grace@example.com/ })
      .getByText('Open')
      .waitFor();

    const grace = await team.open(asPath(url));
    await heading(grace, 'Join Shop').waitFor();
    await grace.getByLabel('Your name').fill('Grace Hopper');
    await grace.getByLabel('Password', { exact: true }).fill(goodPassword);
    await button(grace, 'Make your account').click();
    await button(grace, 'Use an app').click();
    const shown = grace.getByText(/^([A-Z2-7]{4} ?)+$/);
    const secret = ((await shown.textContent()) ?? '').replaceAll(' ', '');
    await grace.getByLabel('Code from your authenticator app').fill(totpCode(secret));
    await button(grace, 'Confirm').click();
    await grace.getByLabel('I have saved my recovery codes').check();
    await button(grace, 'Continue').click();
    await entry(grace, 'Payments').waitFor();
    for (const hidden of ['Members', 'Roles', 'Security', 'Audit log']) {
      assert.equal(await entry(grace, hidden).count(), 0, hidden);
    }
    assert.ok(await button(grace, /^Live/).isDisabled());
    await grace.goto(`${team.payos.api.origin}/members`);
    await grace.getByText('does not show this page').waitFor();
    await grace.context().close();
    await page.context().close();
  });

  scene('gets a new link, and is withdrawn', async (team) => {
    const { owner, payos } = team;
    const roles = { test: 'support', live: null };
    const first = await owner.browser.post('/v1/invitations', { email: 'x@example.com', roles });
    const page = await team.openAsOwner('/members/invitations');
    await button(page, 'New link for x@example.com').click();
    await button(page, 'Make a new link').click();
    const link = dialog(page).getByRole('region', { name: 'Link of the invitation' });
    assert.notEqual(((await link.textContent()) ?? '').trim(), first.body.link);
    await button(page, 'Done').click();
    await button(page, 'Withdraw the invitation of x@example.com').click();
    await button(page, 'Withdraw it').click();
    await page
      .getByRole('row', { name: /x@example.com/ })
      .getByText('Withdrawn')
      .waitFor();
    const token = first.body.link.split('#token=')[1];
    const gone = await openBrowser(payos).post('/v1/invitations/lookup', { token });
    assert.equal(gone.status, 410);
    await page.context().close();
  });
});

describe('a change of roles', () => {
  scene('shows what is gained and lost, asks for a factor, and holds at once', async (team) => {
    const person = await team.join('barbara@example.com', 'Barbara Liskov', {
      test: 'developer',
      live: 'security_officer',
    });
    const theirs = await team.open('/payments', { cookie: person.browser.cookie });
    await entry(theirs, 'Audit log').waitFor();

    // A session of its own: confirming gives it another cookie.
    const { cookie } = await signIn(team.payos, team.owner);
    const page = await team.open('/', { cookie });
    await openMember(page, 'Barbara Liskov');
    await button(page, 'Change').click();
    await dialog(page).getByLabel('Role in live mode').selectOption({ label: 'Support' });
    const changes = dialog(page).getByRole('region', { name: 'What changes for Barbara Liskov' });
    await changes.getByText('Gains: Send money back to customers').waitFor();
    await changes.getByText('Loses: See who changed what').waitFor();

    await team.ageFactor(team.owner.account, 6);
    await button(page, 'Save the roles').click();
    const asking = page.getByRole('dialog', { name: 'Confirm that it is you' });
    const code = totpCode(team.owner.secret, 1);
    await asking.getByLabel('Code from your authenticator app').fill(code);
    await asking.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The roles were changed').waitFor();
    await page.getByText('Helps customers').waitFor();

    // Without a reload: the next request tells what is no more.
    await entry(theirs, 'Audit log').click();
    await theirs.getByText('does not show this page').waitFor();
    for (const gone of ['Audit log', 'Members', 'Security']) {
      assert.equal(await entry(theirs, gone).count(), 0, gone);
    }
    await theirs.context().close();
    await page.context().close();
  });

  scene('that adds rights is seen on coming back and on going on', async (team) => {
    const first = { test: 'analyst', live: null };
    const person = await team.join('mary@example.com', 'Mary Jackson', first);
    const theirs = await team.open('/payments', { cookie: person.browser.cookie });
    await heading(theirs, 'Payments').waitFor();
    assert.equal(await entry(theirs, 'Events').count(), 0);
    const { data } = (await team.owner.browser.get('/v1/members')).body;
    const { id } = data.find(({ email }: { email: string }) => email === person.email);
    const give = async (roles: object) => {
      await team.ageFactor(team.owner.account, 0);
      const changed = await team.owner.browser.call('PATCH', `/v1/members/${id}`, { roles });
      assert.equal(changed.status, 200, changed.text);
    };
    let passed = 0;
    const later = async () => {
      passed += 11_000;
      await theirs.clock.setSystemTime(Date.now() + passed);
    };
    await give({ test: 'developer', live: null });
    await later();
    const asked = theirs.waitForRequest(/\/v1\/session$/);
    await entry(theirs, 'Customers').click();
    assert.equal((await asked).headers()['payos-background'], '1', 'it is no use of the session');
    await entry(theirs, 'Events').waitFor();

    assert.ok(await button(theirs, /^Live/).isDisabled());
    await give({ test: 'developer', live: 'admin' });
    await later();
    await theirs.evaluate("dispatchEvent(new Event('focus'))");
    await entry(theirs, 'Members').waitFor();
    assert.ok(await button(theirs, /^Live/).isEnabled());
    await theirs.context().close();
  });

  scene('offers nobody more than they have', async (team) => {
    const admin = await team.join('admin@example.com', 'Joan Clarke', {
      test: 'admin',
      live: 'admin',
    });
    const page = await team.open('/members', { cookie: admin.browser.cookie });
    await button(page, 'Invite somebody').first().click();
    const offered = await dialog(page)
      .getByLabel('Role in live mode')
      .locator('option')
      .allTextContents();
    assert.ok(offered.includes('Admin'));
    for (const more of ['Owner', 'Security officer']) assert.ok(!offered.includes(more), more);
    await dialog(page).getByText('nobody grants what they do not have').waitFor();
    await page.keyboard.press('Escape');
    await openMember(page, 'Ada');
    assert.ok(await button(page, 'Change').isDisabled());
    assert.equal(await button(page, 'Actions').count(), 0);
    await page.getByText('Only an owner does this to an owner.').waitFor();

    await page.goto(`${team.payos.api.origin}/roles/new`);
    const lacking = page.getByLabel(/^Change the rules for signing in/);
    assert.ok(await lacking.isDisabled());
    await page.getByText('security_policy:write · you do not have it').waitFor();
    await page.context().close();
  });
});

scene('a role of the organization’s own is made, given, changed and deleted', async (team) => {
  const page = await team.openAsOwner('/roles');
  await page.getByRole('link', { name: 'Create a role' }).click();
  await page.getByLabel('Start with the permissions of').selectOption({ label: 'Analyst' });
  await page.getByLabel('Name', { exact: true }).fill('Refund desk');
  assert.ok(await page.getByLabel(/^See payments and their attempts/).isChecked());
  await page.getByLabel(/^Send money back to customers/).check();
  await page.getByText(`${seeing + 1} permissions chosen`).waitFor();
  await button(page, 'Create the role').click();
  await heading(page, 'Refund desk').waitFor();
  await page.getByLabel(/^See totals/).uncheck();
  await button(page, 'Save').click();
  await heading(page, 'Roles').waitFor();
  const row = page
    .getByRole('table', { name: 'Roles', exact: true })
    .getByRole('row', { name: /Refund desk/ });
  await row.getByRole('cell', { name: String(seeing), exact: true }).waitFor();
  const matrix = page.getByRole('region', { name: 'Permissions by role' });
  await matrix.getByRole('columnheader', { name: 'Refund desk' }).waitFor();
  await row.getByRole('link').click();
  await button(page, 'Delete').click();
  const confirm = button(page, 'Delete the role');
  assert.ok(await confirm.isDisabled(), 'not before its name is typed');
  await dialog(page).getByLabel(/Type/).fill('Refund desk');
  await confirm.click();
  await heading(page, 'Roles').waitFor();
  await row.waitFor({ state: 'detached' });
  await page.context().close();
});

describe('a member who cannot get in', () => {
  scene('is locked after ten wrong tries, seen, and unlocked', async (team) => {
    const { payos, owner } = team;
    const person = await team.join('radia@example.com', 'Radia Perlman', {
      test: 'support',
      live: null,
    });
    const attacker = openBrowser(payos);
    const { email } = person;
    for (let tries = 0; tries < 10; tries += 1) {
      await attacker.post('/v1/sign_in/password', { email, password: `wrong ${tries}` });
    }
    await attacker.close();
    const page = await team.openAsOwner('/members?status=locked');
    const row = page.getByRole('row', { name: /Radia Perlman/ });
    await row.getByText('Locked').waitFor();
    await row.getByRole('link').click();
    await page.getByText('Locked after ten wrong tries').waitFor();
    await team.ageFactor(owner.account, 0);
    await button(page, 'Unlock').click();
    await dialog(page).getByText('by a channel you know').waitFor();
    await dialog(page).getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('Radia Perlman can sign in again').waitFor();
    await page.getByText('Active', { exact: true }).waitFor();
    await (await signIn(payos, person)).close();
    await page.context().close();
  });

  scene('lost every factor, and is let in only after somebody has looked', async (team) => {
    const { payos, owner } = team;
    const person = await team.join('hedy@example.com', 'Hedy Lamarr', {
      test: 'analyst',
      live: null,
    });
    const { email, password } = person;
    const lost = openBrowser(payos);
    await lost.post('/v1/sign_in/password', { email, password });
    const asked = await lost.post('/v1/sign_in/factor_reset', { reason: 'My phone is in a lake.' });
    assert.equal(asked.status, 200, asked.text);

    const page = await team.openAsOwner('/members');
    await page.getByText('Somebody lost all factors and asks for help').waitFor();
    await page.getByText('My phone is in a lake.').waitFor();
    await button(page, 'Approve').click();
    await dialog(page).getByText('Call them on a number you had before today').waitFor();
    const approve = dialog(page).getByRole('button', { name: 'Approve' });
    assert.ok(await approve.isDisabled(), 'not before it is said that they were spoken to');
    await dialog(page)
      .getByLabel(/^I have spoken to Hedy Lamarr/)
      .check();
    await team.ageFactor(owner.account, 0);
    await approve.click();
    await page.getByText('Hedy Lamarr may enrol new factors').waitFor();
    await page.getByText('Somebody lost all factors').waitFor({ state: 'detached' });
    const again = await lost.post('/v1/sign_in/password', { email, password });
    assert.equal(again.body.state, 'enrollment', again.text);
    await lost.close();
    await page.context().close();
  });

  scene(
    'is disabled by name, and thrown out at once with the keys that were theirs',
    async (team) => {
      const { payos } = team;
      const roles = { test: 'developer', live: 'developer' };
      const person = await team.join('alan@example.com', 'Alan Turing', roles);
      const { organization, email } = person;
      const [ends, stays] = await Promise.all([
        payos.operator.mint(organization, { owner: email, permissions: ['payments:read'] }),
        payos.operator.mint(organization, { owner: email, permissions: ['customers:read'] }),
      ]);
      const theirs = await team.open('/payments', { cookie: person.browser.cookie });
      await heading(theirs, 'Payments').waitFor();

      const page = await team.openAsOwner('/');
      await openMember(page, 'Alan Turing');
      await button(page, 'Actions').click();
      await page.getByRole('menuitem', { name: 'Disable' }).click();
      const asking = dialog(page);
      await asking.getByText('1 open session', { exact: true }).waitFor();
      await asking.getByText('2 API keys').waitFor();
      await asking.getByRole('checkbox', { name: 'test', description: stays.hint }).uncheck();
      await asking.getByText('1 API key', { exact: true }).waitFor();
      const disable = asking.getByRole('button', { name: 'Disable Alan Turing' });
      assert.ok(await disable.isDisabled());
      await asking.getByLabel(/^Type/).fill('Alan Turing');
      await disable.click();
      await page.getByText('Alan Turing was disabled').waitFor();
      await page.getByText('Disabled', { exact: true }).first().waitFor();

      await entry(theirs, 'Customers').click();
      await heading(theirs, 'Sign in').waitFor();
      assert.equal((await payos.api.get('/v1/payments', ends.key)).status, 401);
      assert.equal((await payos.api.get('/v1/customers', stays.key)).status, 200);
      await theirs.context().close();
      await page.context().close();
    },
  );
});

describe('the rules for signing in', () => {
  scene('tell whom they would lock out before they are saved', async (team) => {
    const page = await team.openAsOwner('/security');
    await page.getByText('PayOS sees you at 127.0.0.1').waitFor();
    await page.getByText('You stay in.').waitFor();
    await page.getByLabel('Networks of the dashboard').fill('203.0.113.0/24');
    await page.getByText('You would be locked out').waitFor();
    await page.getByText(/You come from 127\.0\.0\.1/).waitFor();
    await team.ageFactor(team.owner.account, 0);
    await button(page, 'Save the rules').click();
    await page.getByRole('alert').getByText('This would lock you out.').waitFor();
    await button(page, 'Undo the changes').click();

    await page.getByLabel('Networks of the dashboard').fill('127.0.0.1\nhere');
    await button(page, 'Save the rules').click();
    await page.getByText('Line 2, “here”: This is not a range of addresses.').waitFor();
    await button(page, 'Undo the changes').click();
    await page.getByText('You stay in.').waitFor();

    await page.getByLabel('Email domains').fill('@Example.com\nexample.org');
    await page.getByText('1 member would be locked out').waitFor();
    await page.getByText('Hedy Lamarr has no factor that would be allowed').waitFor();
    await page.getByLabel('Signed out in any case after').selectOption('8');
    await button(page, 'Save the rules').click();
    const asking = page.getByRole('dialog', { name: 'Lock out 1 member?' });
    await asking.getByText('Hedy Lamarr').waitFor();
    await button(page, 'Save and lock out 1 member').click();
    await page.getByText('The rules for signing in were changed').waitFor();
    await page.getByText('Changed just now').waitFor();
    assert.equal(await page.getByLabel('Email domains').inputValue(), 'example.com\nexample.org');
    await page.context().close();
  });

  scene('keep somebody out with a page that says what to do', async (team) => {
    const nobody = { test: null, live: 'analyst' };
    const person = await team.join('dorothy@example.com', 'Dorothy Vaughan', nobody);
    const theirs = await team.open('/payments', { cookie: person.browser.cookie });
    await heading(theirs, 'Payments').waitFor();
    const allow = (kinds: string[]) =>
      team.db.query('UPDATE security_policies SET allowed_factors = $1', [kinds]);
    const { rowCount } = await allow(['passkey']);
    assert.equal(rowCount, 1);
    await entry(theirs, 'Customers').click();
    await theirs.getByText('Your organization now asks for a passkey').waitFor();
    await theirs.getByRole('link', { name: 'Go to your factors' }).click();
    await heading(theirs, 'Sign-in security').waitFor();
    await allow(['passkey', 'totp']);
    await entry(theirs, 'Payments').click();
    await heading(theirs, 'Payments').waitFor();
    await theirs.context().close();
  });

  scene('hold the name of the organization, which is seen at once', async (team) => {
    const page = await team.openAsOwner('/security');
    await page.getByLabel('Name', { exact: true }).fill('Acme Books');
    await button(page, 'Rename').click();
    await page.getByText('The organization was renamed').waitFor();
    await page.locator('.shell-side').getByText('Acme Books').waitFor();
    await page.context().close();
  });
});

scene('the audit log tells all of it, in words and as it was written', async (team) => {
  const page = await team.openAsOwner('/audit-log');
  const table = page.getByRole('table', { name: 'Audit log' });
  await page.getByLabel('What').selectOption({ label: 'Members' });
  await page.waitForURL(/action=member\.\*|action=member\.%2A/);
  for (const said of [
    'Ada disabled Alan Turing',
    'Ada unlocked Radia Perlman',
    'Ada changed the roles of Barbara Liskov',
  ]) {
    await table.getByRole('row', { name: said }).waitFor();
  }
  await page.getByLabel('What').selectOption({ label: 'Invitations' });
  await table.getByRole('row', { name: 'Ada invited grace@example.com' }).waitFor();
  await table.getByRole('row', { name: 'Ada disabled Alan Turing' }).waitFor({ state: 'detached' });
  await page.reload();
  await table.getByRole('row', { name: 'Ada invited grace@example.com' }).waitFor();

  await button(page, 'Clear').click();
  await page.getByLabel('What').selectOption({ label: 'Lost factors' });
  await table.getByRole('row', { name: 'Ada let Hedy Lamarr enrol new factors' }).waitFor();
  await table.getByRole('button', { name: /factor_reset\.approve/ }).click();
  const drawer = dialog(page);
  await drawer.getByText('"factors_removed": true').waitFor();
  await drawer.getByRole('link', { name: 'All about this object' }).click();
  await page.waitForURL(/object_id=mem_/);
  await table.getByRole('row', { name: 'Ada let Hedy Lamarr enrol new factors' }).waitFor();
  await table.getByRole('link', { name: 'Hedy Lamarr' }).first().click();
  await heading(page, 'Hedy Lamarr').waitFor();

  await page.goto(`${team.payos.api.origin}/audit-log`);
  const first = await table.getByRole('row').nth(1).textContent();
  await button(page, 'Older').click();
  await page.waitForURL(/after=\d+/);
  await button(page, 'Newer').click();
  await page.waitForURL(/before=\d+/);
  await table
    .getByRole('row', { name: 'Ada set the organization up' })
    .waitFor({ state: 'detached' });
  assert.equal(await table.getByRole('row').nth(1).textContent(), first);
  await page.context().close();
});

scene('whoever wants to leaves, but for the last owner', async (team) => {
  const { organization } = (await team.owner.browser.get('/v1/session')).body;
  const leave = async (page: Page) => {
    await button(page, 'Leave …').click();
    await dialog(page).getByLabel(/^Type/).fill(organization.name);
    await button(page, 'Leave the organization').click();
  };
  const page = await team.openAsOwner('/account');
  await leave(page);
  await dialog(page).getByText('An organization needs an owner.').waitFor();
  await page.context().close();
  const person = await team.join('leslie@example.com', 'Leslie', { test: 'support', live: null });
  const theirs = await team.open('/account', { cookie: person.browser.cookie });
  await leave(theirs);
  await heading(theirs, 'Sign in').waitFor();
  assert.equal((await person.browser.get('/v1/session')).body.state, 'none');
  await theirs.context().close();
});

const paths = [
  '/members',
  '/members/invitations',
  '/members/:member',
  '/roles',
  '/roles/new',
  '/roles/developer',
  '/security',
  '/audit-log',
];

for (const { width, theme, looked } of [
  { width: 320, theme: 'light', looked: 'all' },
  { width: 1280, theme: 'dark', looked: 'layout' },
] as const) {
  scene(`every page passes axe in the ${theme} theme at ${width} px`, async (team) => {
    const { rows } = await team.db.query('SELECT id FROM members ORDER BY created_at LIMIT 1');
    const page = await team.openAsOwner('/', { width, theme });
    for (const path of paths) {
      await page.goto(team.payos.api.origin + path.replace(':member', rows[0].id));
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page);
      assert.deepEqual(await violations(page, looked), [], path);
      assert.deepEqual(await overflow(page), [], `${path} is no wider than the screen`);
    }
    await page.context().close();
  });
}

for (const theme of ['light', 'dark'] as const) {
  scene(`every dialog passes axe in ${theme}`, async (team) => inDialogs(team, theme));
}

async function inDialogs(team: Team, theme: Theme): Promise<void> {
  const page = await team.openAsOwner('/members', { theme });
  const check = async (what: string) => {
    await dialog(page).waitFor();
    assert.deepEqual(await violations(page, theme === 'light' ? 'all' : 'colours'), [], what);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
  };
  await button(page, 'Invite somebody').first().click();
  await check('inviting');
  await openMember(page, 'Barbara Liskov');
  await button(page, 'Change').click();
  await dialog(page).getByLabel('Role in live mode').selectOption({ label: 'Admin' });
  await check('changing roles');
  await button(page, 'Actions').click();
  await page.getByRole('menuitem', { name: 'Disable' }).click();
  await dialog(page).getByText('They lose access at once').waitFor();
  await check('disabling');
  await entry(page, 'Audit log').click();
  await button(page, /^Details of entry/)
    .first()
    .click();
  await check('an entry');
  await page.context().close();
}

scene('no page was complained of, nor did anything against its policy', async (team) => {
  assert.deepEqual(team.complaints, []);
});
