import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../server/test/shop.ts';
import { totpCode } from '../../tools/harness/totp.ts';
import { startWebhookReceiver } from '../../tools/harness/webhook-receiver.ts';
import { type Floor, openFloor, sell } from './floor.ts';
import { button, heading } from './page.ts';
import { openTeam, overflow, type SharedTeam, type Theme, violations } from './team.ts';

type Sold = Awaited<ReturnType<typeof sell>>;
type Stage = { team: SharedTeam; floor: Floor; sold: Sold; page: Page };

let team: SharedTeam | undefined;
let stage: Stage | undefined;
before(async () => {
  team = await openTeam(['simulator', 'vault', 'server', 'worker']);
  if (team === undefined) return;
  const floor = await openFloor(team);
  const page = await team.openAsOwner('/');
  await beginsWithTheFirstPayment(page, floor);
  stage = { team, floor, page, sold: await sell(floor) };
});
after(() => team?.stop());

/** A test in the owner's browser; skipped where there is none. */
function scene(name: string, run: (stage: Stage) => Promise<void>): void {
  it(name, async (t) => {
    if (stage === undefined) return t.skip('there is no browser');
    const entered = stage;
    return entered.team.watch(() => run(entered));
  });
}

/** Not what is said in passing, which is a dialog to those who hear it. */
const dialog = (page: Page) => page.locator('dialog');
const rows = (page: Page) => page.getByRole('table').first().locator('tbody tr');
/** Waits until there are so many; a list shows the page before until it has the next. */
async function count(within: Locator, number: number): Promise<void> {
  const now = async () => ((await within.count()) === number ? true : undefined);
  await eventually(now, `${number} rows`, 10).catch(async () => {
    assert.equal(await within.count(), number);
  });
}
const go = async (page: Page, path: string) => {
  await page.goto(new URL(path, page.url()).href);
};
const filters = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

/** The list of things to do goes by what is, without a reload. */
async function beginsWithTheFirstPayment(page: Page, floor: Floor): Promise<void> {
  const step = page.getByRole('listitem').filter({ hasText: 'Make a first payment' });
  await step.getByRole('region', { name: '2. A payment with the token' }).waitFor();
  await page.getByText('of 6 done').waitFor();
  await floor.pay();
  await step.getByText('(done)').waitFor();
}

describe('the home page', () => {
  scene('has the numbers of the day, in words, as a picture and as a table', async ({ page }) => {
    const asked = page.waitForRequest(/\/v1\/reports\/payments/);
    await go(page, '/');
    // It asks by the clock, and so never keeps a session alive.
    assert.equal((await asked).headers()['payos-background'], '1');
    const tile = (name: string) => page.locator('dl > div').filter({ hasText: name });
    await tile('Payments today').getByText('32', { exact: true }).waitFor();
    await tile('Success rate today').getByText('96.9%').waitFor();
    const byCurrency = page.getByRole('table', { name: 'Today by currency' });
    await byCurrency.getByRole('row', { name: /BHD.*12\.345/ }).waitFor();
    await page.getByText('Show as a table').click();
    const hours = page.getByRole('table', { name: 'Payments by hour' });
    await count(hours.locator('tbody tr'), 24);
    await button(page, '7 days').click();
    await count(page.getByRole('table', { name: 'Payments by day' }).locator('tbody tr'), 7);
    assert.deepEqual(filters(page), { period: '7d' });
    await page.getByRole('link', { name: 'Not enough money on the card' }).click();
    await heading(page, 'Payments').waitFor();
    await count(rows(page), 1);
    assert.deepEqual(filters(page), { decline_code: 'insufficient_funds', range: '7d' });
  });
});

describe('the list of payments', () => {
  scene('keeps its filters in the address, over a reload and on the way back', async ({ page }) => {
    await go(page, '/payments');
    await count(rows(page), 25);
    await page.getByLabel('Status').selectOption('Failed');
    await count(rows(page), 1);
    await page.getByLabel('Created').selectOption('Last hour');
    await page.waitForURL(/range=1h/);
    assert.deepEqual(filters(page), { status: 'failed', range: '1h' });
    await page.reload();
    await count(rows(page), 1);
    assert.equal(await page.getByLabel('Status').inputValue(), 'failed');
    await rows(page).getByRole('link').first().click();
    await heading(page, 'Payment €42.00').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Payments' }).click();
    await count(rows(page), 1);
    assert.deepEqual(filters(page), { status: 'failed', range: '1h' });
    await button(page, 'Clear').click();
    await count(rows(page), 25);
    assert.deepEqual(filters(page), {});
  });

  scene('turns its pages by cursor, there and back', async ({ page }) => {
    await go(page, '/payments');
    await button(page, 'Older').click();
    await page.waitForURL(/after=pay_/);
    await count(rows(page), 7);
    await page.goBack();
    await count(rows(page), 25);
    await page.goForward();
    await button(page, 'Newer').click();
    await page.waitForURL(/before=pay_/);
    await count(rows(page), 25);
    assert.ok(await button(page, 'Newer').isDisabled());
  });

  scene('has views that are addresses', async ({ page }) => {
    await go(page, '/payments');
    const view = page.getByRole('link', { name: 'Waiting for capture' });
    await view.click();
    await count(rows(page), 3);
    assert.equal(await view.getAttribute('aria-current'), 'page');
    assert.deepEqual(filters(page), { status: 'requires_capture' });
  });

  scene('finds by one box, by last four, amount and currency', async ({ page }) => {
    await go(page, '/payments');
    await page.getByLabel('Search payments').fill('dinar-1');
    await count(rows(page), 1);
    await rows(page).getByText('BHD 12.345').waitFor();
    await button(page, 'Clear').click();
    await button(page, /More filters/).click();
    await page.getByLabel('Last four digits').fill('4444');
    await count(rows(page), 1);
    await page.getByLabel('Last four digits').fill('');
    await page.getByLabel('Currency').selectOption('EUR');
    await page.getByLabel(/Amount from/).fill('50');
    await count(rows(page), 3);
    await page.getByLabel(/Amount to/).fill('50,00');
    await count(rows(page), 1);
    assert.deepEqual(filters(page), { currency: 'EUR', amount_min: '5000', amount_max: '5000' });
    await go(page, '/payments?q=nobody-has-this');
    await page.getByText('No payment matches').waitFor();
  });

  scene('is downloaded whole, and runs nothing in a spreadsheet', async ({ page }) => {
    const download = async () => {
      const saved = page.waitForEvent('download');
      await button(page, 'Download CSV').click();
      const file = await saved;
      assert.match(file.suggestedFilename(), /^payments-\d{4}-\d\d-\d\d\.csv$/);
      return readFileSync(await file.path(), 'utf8')
        .trimEnd()
        .split('\r\n');
    };
    await go(page, '/payments?status=failed');
    const failed = await download();
    assert.equal(failed.length, 2);
    assert.match(failed[0] ?? '', /^\ufeffid,created_at,status,amount/);
    assert.match(failed[1] ?? '', /,failed,42\.00,0\.00,0\.00,EUR,visa,9995,poor-1,/);
    await go(page, '/payments');
    const all = await download();
    assert.equal(all.length, 33);
    assert.ok(all.some((line) => line.includes(`"'=HYPERLINK(""https://evil.example"")"`)));
  });

  scene('stops downloading when told to', async ({ page }) => {
    await go(page, '/payments');
    await count(rows(page), 25);
    let saved = 0;
    page.once('download', () => {
      saved += 1;
    });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/v1/payments?*limit=100*', async (route) => {
      await held;
      // The page has given it up already.
      await route.abort().catch(() => {});
    });
    await button(page, 'Download CSV').click();
    await dialog(page).getByText('Reading the list').waitFor();
    await button(dialog(page), 'Cancel').click();
    await dialog(page).waitFor({ state: 'detached' });
    release();
    await page.unroute('**/v1/payments?*limit=100*');
    assert.equal(saved, 0);
  });
});

describe('a payment', () => {
  scene('says why it was declined, and what to do', async ({ page, sold }) => {
    await go(page, `/payments/${sold.poor}`);
    await heading(page, 'Payment €42.00').waitFor();
    await page.getByText('Not enough money on the card').first().waitFor();
    await page.getByText('The customer can try again later').waitFor();
    const story = page.getByRole('list').filter({ hasText: 'Payment created' });
    await story.getByText('€42.00 not approved').waitFor();
    await story.getByRole('link', { name: 'payment.failed' }).click();
    await heading(page, 'Event payment.failed').waitFor();
    assert.equal(await button(page, 'Refund').count(), 0);
  });

  scene('is refunded in part, in the digits of its currency', async ({ page, sold, floor }) => {
    await go(page, `/payments/${sold.dinar}`);
    await button(page, 'Refund').click();
    await dialog(page).getByLabel('A part').check();
    const amount = dialog(page).getByLabel(/^Amount/);
    await amount.fill('12.3456');
    await dialog(page).getByText('That is not an amount of BHD').waitFor();
    await amount.fill('12.346');
    await dialog(page).getByText('At most BHD 12.345').first().waitFor();
    assert.ok(await button(dialog(page), /^Refund/).isDisabled());
    await amount.fill('2.005');
    await dialog(page)
      .getByLabel(/^Reason/)
      .fill('Came back');
    await button(dialog(page), /^Refund BHD.2\.005$/).click();
    await page
      .getByText(/BHD.2\.005 refunded/)
      .first()
      .waitFor();
    await page.getByText('Partly refunded').waitFor();
    await page.getByText(/BHD.10\.340 can still be refunded/).waitFor();
    const { data } = await floor.get(`/v1/refunds?payment=${sold.dinar}`);
    assert.deepEqual([data[0].amount, data[0].reason], [2005, 'Came back']);
    await rows(page).getByRole('link').first().click();
    await heading(page, /Refund BHD.2\.005/).waitFor();
  });

  scene(
    'is refunded once, also when the answer is lost on its way',
    async ({ page, sold, floor }) => {
      await go(page, `/payments/${sold.saved}`);
      await button(page, 'Refund').click();
      const keys: (string | undefined)[] = [];
      await page.route('**/v1/refunds', async (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        keys.push(route.request().headers()['idempotency-key']);
        if (keys.length > 1) return route.fallback();
        await route.fetch();
        return route.abort();
      });
      await button(dialog(page), 'Refund €19.99').click();
      await dialog(page).getByRole('alert').getByText('PayOS does not answer').waitFor();
      await button(dialog(page), 'Not now').click();
      await button(page, 'Refund').click();
      await button(dialog(page), 'Refund €19.99').click();
      await dialog(page).waitFor({ state: 'detached' });
      await page.unroute('**/v1/refunds');
      await page.getByText('Refunded', { exact: true }).first().waitFor();
      assert.equal(keys.length, 2);
      assert.equal(keys[0], keys[1]);
      assert.equal((await floor.get(`/v1/refunds?payment=${sold.saved}`)).data.length, 1);
    },
  );

  scene('is captured in part', async ({ page, sold, floor }) => {
    await go(page, `/payments/${sold.part}`);
    await button(page, 'Capture').click();
    const amount = dialog(page).getByLabel(/^Amount/);
    assert.equal(await amount.inputValue(), '50.00');
    await amount.fill('12,50');
    await button(dialog(page), 'Capture €12.50').click();
    await page.getByText('€12.50 captured').first().waitFor();
    assert.equal(await button(page, 'Capture').count(), 0);
    assert.equal((await floor.get(`/v1/payments/${sold.part}`)).amount_captured, 1250);
    await page.locator('main header').getByText('€12.50 captured').waitFor();
  });

  scene('is canceled by its name', async ({ page, sold, floor }) => {
    await go(page, `/payments/${sold.whole}`);
    await button(page, 'Cancel payment').click();
    const act = button(dialog(page), 'Cancel the payment');
    assert.ok(await act.isDisabled());
    await dialog(page).getByLabel('Type whole-1 to confirm').fill('whole-1');
    await act.click();
    await page.getByText('Canceled', { exact: true }).first().waitFor();
    assert.equal((await floor.get(`/v1/payments/${sold.whole}`)).status, 'canceled');
  });

  scene('of which nobody knows the outcome is watched', async ({ page, floor }) => {
    const id = await floor.pay({ reference: 'lost-1' }, '4000000000000309');
    const asked: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith(id)) asked.push(request.headers()['payos-background']);
    });
    await go(page, `/payments/${id}`);
    await page.getByText('The outcome is not known yet').waitFor();
    await page.getByText('Succeeded', { exact: true }).first().waitFor({ timeout: 30_000 });
    const [page0, first, ...again] = asked;
    assert.deepEqual([page0, first], [undefined, undefined], 'the page, and what is on it');
    assert.ok(again.length > 0 && again.every((mark) => mark === '1'), String(again));
    page.removeAllListeners('request');
  });

  scene('has a drawer for developers', async ({ page, sold, team }) => {
    await go(page, `/payments/${sold.poor}`);
    await button(page, 'Developer').waitFor();
    await page.keyboard.press('Control+.');
    const drawer = page.getByRole('dialog', { name: 'Developer' });
    const curl = drawer.getByRole('region', { name: 'Read it with curl' });
    const command = (await curl.textContent()) ?? '';
    assert.ok(command.includes(`'${team.payos.api.origin}/v1/payments/${sold.poor}'`), command);
    assert.match(command, /--cacert "\$CA_FILE"/);
    await drawer.getByRole('region', { name: 'JSON of the object' }).waitFor();
    await drawer.getByRole('tab', { name: 'Events' }).click();
    await drawer.getByRole('link', { name: 'payment.failed' }).waitFor();
    await drawer.getByRole('tab', { name: 'Requests' }).click();
    await drawer.getByText('POST /v1/payments').first().waitFor();
    await page.keyboard.press('Control+.');
    await drawer.waitFor({ state: 'detached' });
  });
});

describe('a customer', () => {
  scene('is found, and a saved card deleted by its name and a factor', async (all) => {
    const { page, team, floor, sold } = all;
    await go(page, '/customers');
    await page.getByLabel('Search customers').fill('grace');
    await rows(page).getByRole('link', { name: 'Grace Hopper' }).click();
    await heading(page, 'Customer Grace Hopper').waitFor();
    await page.getByText('grace@example.com').waitFor();
    await page.getByRole('table', { name: 'Payments of this customer' }).waitFor();
    const cards = page.getByRole('table', { name: 'Saved cards' });
    await cards.getByText('Credit card from United States').waitFor();
    await cards.getByRole('link', { name: /4242/ }).click();
    await button(page, 'Change the expiry').click();
    await dialog(page).getByLabel('Month').fill('1');
    await dialog(page).getByLabel('Year').fill('2020');
    await button(dialog(page), 'Change the expiry').click();
    await dialog(page).getByText('The card has expired').waitFor();
    await dialog(page).getByLabel('Year').fill('2039');
    await button(dialog(page), 'Change the expiry').click();
    await page.getByText('01 / 2039').waitFor();
    await page.goBack();
    await team.ageFactor(team.owner.account, 6);
    await button(page, 'Delete Visa 4242').click();
    await dialog(page).getByLabel('Type Visa 4242 to confirm').fill('Visa 4242');
    await button(dialog(page), 'Delete the card').click();
    const asking = page.getByRole('dialog', { name: 'Confirm that it is you' });
    await asking.waitFor();
    const other = button(asking, 'Use a code from your app');
    if ((await other.count()) > 0) await other.click();
    await asking.getByLabel('Code from your authenticator app').fill(totpCode(team.owner.secret));
    await button(asking, 'Confirm').click();
    await page.getByText('No saved cards').waitFor();
    await followSession(team, page);
    const { data } = await floor.get(`/v1/payment_methods?customer=${sold.customer}`);
    assert.deepEqual(data, []);
  });
});

describe('the events', () => {
  scene('are narrowed by type and object, and shown whole', async ({ page, sold }) => {
    await go(page, '/events');
    await page.getByLabel('Type').selectOption('payment.failed');
    await count(rows(page), 1);
    await page.reload();
    await count(rows(page), 1);
    await rows(page).getByRole('link', { name: 'payment.failed' }).click();
    await page.getByRole('region', { name: 'Data of the event' }).getByText('poor-1').waitFor();
    await page.getByText('There is no webhook endpoint').waitFor();
    await page.getByRole('link', { name: 'All events of this object' }).click();
    await page.waitForURL(/object=pay_/);
    assert.deepEqual(filters(page), { object: sold.poor });
    await count(rows(page), 1);
  });
});

describe('an event', () => {
  scene('shows where it was sent, and is sent again', async ({ page, floor, team }) => {
    const receiver = await startWebhookReceiver(team.payos.cluster.certificates);
    const { worker } = team.payos.processes;
    try {
      await floor.post('/v1/webhook_endpoints', { url: receiver.url });
      // Whoever looks at once comes before the worker.
      worker.signal('SIGSTOP');
      const payment = await floor.pay({ reference: 'told-1' });
      const { data } = await floor.get(`/v1/events?object=${payment}`);
      await go(page, `/events/${data[0].id}`);
      const card = page.getByRole('listitem').filter({ hasText: receiver.url });
      await card.getByText('Not sent here so far').waitFor();
      worker.signal('SIGCONT');
      await card.getByText('Delivered').waitFor();
      await card.getByText('Attempt 1: 200').waitFor();
      await button(card, 'Send again').click();
      await card.getByText('Attempt 2: 200').waitFor();
    } finally {
      worker.signal('SIGCONT');
      await receiver.stop();
    }
  });
});

describe('an object that is not found', () => {
  scene('is looked for in the other mode', async ({ page, sold }) => {
    await go(page, `/payments/${sold.poor}`);
    await page.evaluate("localStorage.setItem('payos.mode', 'live')");
    await page.reload();
    await page.getByText('Not in live mode of this organization').waitFor();
    await button(page, 'Look in test mode').click();
    await heading(page, 'Payment €42.00').waitFor();
  });
});

describe('whoever may only look', () => {
  scene('is offered nothing else', async ({ team, sold }) => {
    const analyst = await team.join('lin@example.com', 'Lin', { test: 'analyst', live: null });
    const { cookie } = analyst.browser;
    const page = await team.open(`/payments/${sold.waiting}`, { cookie });
    await heading(page, /Payment/).waitFor();
    await button(page, 'Developer').click();
    await dialog(page).getByRole('tab', { name: 'Requests' }).click();
    await dialog(page).getByText('Your role does not show this').waitFor();
    for (const act of ['Capture', 'Cancel payment', 'Refund']) {
      assert.equal(await button(page, act).count(), 0, act);
    }
    await page.context().close();
  });
});

describe('every page', () => {
  const paths: Record<string, (stage: Stage) => string | Promise<string>> = {
    'the home page': () => '/',
    'the payments': () => '/payments?range=custom&currency=EUR',
    'payments that are not there': () => '/payments?reference=nobody',
    'a declined payment': ({ sold }) => `/payments/${sold.poor}`,
    'a refunded payment': ({ sold }) => `/payments/${sold.dinar}`,
    'a refund': async ({ floor }) => `/refunds/${(await floor.get('/v1/refunds')).data[0].id}`,
    'the customers': () => '/customers',
    'a customer': ({ sold }) => `/customers/${sold.customer}`,
    'a saved card': async ({ floor, sold }) => `/payment_methods/${await saveCard(floor, sold)}`,
    'the events': () => '/events',
    'an event': async ({ floor }) => `/events/${(await floor.get('/v1/events')).data[0].id}`,
    'what does not exist': () => '/events/evt_none',
  };
  for (const [name, pathOf] of Object.entries(paths)) {
    scene(`reads well in both themes, on a phone and on a desk: ${name}`, async (all) => {
      const { page } = all;
      await go(page, await pathOf(all));
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
      await page.waitForLoadState('networkidle');
      for (const width of [320, 768, 1440, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await overflow(page), [], `at ${width}`);
      }
      await holdsInBothThemes(page, name);
    });
  }

  scene('reads well in its drawers and dialogs', async ({ page, sold }) => {
    await go(page, `/payments/${sold.dinar}`);
    await page.waitForLoadState('networkidle');
    for (const open of ['Refund', 'Developer']) {
      await button(page, open).click();
      await dialog(page).waitFor();
      await page.setViewportSize({ width: 320, height: 800 });
      assert.deepEqual(await overflow(page), [], `${open} on a phone`);
      await holdsInBothThemes(page, open);
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
    }
  });

  scene('keeps to the policy of the page', async ({ team }) => {
    assert.deepEqual(team.complaints, []);
  });
});

async function saveCard(floor: Floor, { customer }: Sold): Promise<string> {
  const id = await floor.pay({ save_for: customer });
  return (await floor.get(`/v1/payments/${id}`)).payment_method;
}

async function holdsInBothThemes(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] satisfies Theme[]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Where colours change softly, they have changed when no animation is left.
    await page.evaluate('Promise.allSettled(document.getAnimations().map((one) => one.finished))');
    const looked = colorScheme === 'light' ? 'all' : 'colours';
    assert.deepEqual(await violations(page, looked), [], `${what}, ${colorScheme}`);
  }
}

/** A factor that is given again makes a new token: the owner's other client goes on with it. */
async function followSession({ owner }: SharedTeam, page: Page): Promise<void> {
  const [cookie] = await page.context().cookies();
  owner.browser.cookie = `${cookie?.name}=${cookie?.value}`;
  await owner.browser.get('/v1/session');
}
