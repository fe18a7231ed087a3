import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { violations } from '../../../tools/harness/violations.ts';
import { card, folder, openShop, type Shop, scripts } from './shop.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop?.close());

const combinations = [
  { kinds: ['card'], object: 'token' },
  { kinds: ['number', 'expiry', 'cvc'], object: 'token' },
  { kinds: ['number', 'expiry'], object: 'token' },
  { kinds: ['cvc'], object: 'cvc_token' },
] as const;

/** Nothing of a card, in any form, and nothing that the policies of page or frames complain of. */
function assertClean(everything: string, complaints: readonly string[]): void {
  assert.deepEqual(complaints, []);
  assert.equal(everything.replaceAll(/[ -]/g, '').includes(card.number), false);
  assert.doesNotMatch(everything, /"731"|42424242/);
}

describe('secure fields in a page with a strict policy', { timeout: 120_000 }, () => {
  for (const { kinds, object } of combinations) {
    it(`${kinds.join(' and ')}: the page gets a token and nothing else`, async (t) => {
      if (!shop.hasBrowser) return t.skip();
      const { key, organization } = shop.addKey();
      const visit = await shop.visit();
      assert.deepEqual(new Set(await visit.mount(key, kinds)), new Set(['ready']));
      for (const kind of kinds) {
        const [first, ...others] =
          kind === 'card' ? (['number', 'expiry', 'cvc'] as const) : [kind];
        await visit.type(first, card[first], kind);
        // In one frame the caret moves on by itself.
        for (const part of others) await visit.page.keyboard.type(card[part]);
      }
      const { token, error } = await visit.tokenize('Ada Lovelace');
      assert.equal(error, undefined);
      assert.equal(token.object, object);
      const members = ['created_at', 'expires_at', 'id', 'mode', 'object'];
      if (object === 'token') {
        members.unshift('card');
        members.push('single_use');
        const face = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2040 };
        assert.deepEqual(token.card, face);
        assert.deepEqual(await tokensOf(organization), [{ id: token.id, mode: 'test' }]);
      }
      assert.deepEqual(Object.keys(token).sort(), members.sort());
      assertClean(await visit.everything(), visit.complaints);
      await visit.close();
    });
  }

  it('that do not make a card are refused in so many words', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    await visit.mount(shop.addKey().key, ['number', 'cvc']);
    const { error } = await visit.tokenize();
    assert.equal(error.code, 'fields_missing');
    const created = (kind: string) =>
      visit.run(`(() => { try { fields.create('${kind}') } catch (e) { return e.message } })()`);
    assert.match(await created('number'), /there is a field 'number' already/);
    assert.match(await created('card'), /create it alone/);
    assert.match(await created('name'), /there is no field 'name'/);
    await visit.close();
  });
});

const tokensOf = (organization: string) =>
  shop.stage.ground.query('SELECT id, mode FROM tokens WHERE organization_id = $1', [organization]);

describe('somebody who types', { timeout: 120_000 }, () => {
  it('is led by labels, keyboard, messages and brand, also in Arabic', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    await visit.mount(shop.addKey().key, ['number', 'expiry', 'cvc'], {
      client: { locale: 'ar-EG' },
      field: { showLabels: true },
      fields: { appearance: { colorScheme: 'dark', base: { color: 'rgb(1, 2, 3)' } } },
    });
    const number = visit.input('number');
    await number.click();
    assert.equal(await number.getAttribute('autocomplete'), 'cc-number');
    assert.equal(await number.getAttribute('inputmode'), 'numeric');
    const root = visit.frame('number').locator('html');
    assert.deepEqual(
      [await root.getAttribute('dir'), await root.getAttribute('lang')],
      ['rtl', 'ar'],
    );
    const colour = await visit
      .frame('number')
      .evaluate('getComputedStyle(document.querySelector("input")).color');
    assert.equal(colour, 'rgb(1, 2, 3)');
    // An American Express card has a code of four digits, also in another frame.
    await visit.page.keyboard.type('٣٧٨٢٨٢٢٤٦٣١٠٠٠٥');
    assert.equal(await number.inputValue(), '3782 822463 10005');
    // Frames are processes of their own: what is typed before one has the focus goes nowhere.
    const tabTo = async (kind: 'expiry' | 'cvc') => {
      await visit.page.keyboard.press('Tab');
      await visit.frame(kind).locator('input:focus').waitFor();
    };
    await tabTo('expiry');
    await visit.page.keyboard.type('1');
    await tabTo('cvc');
    await visit.page.keyboard.type('123');
    await visit.page.keyboard.press('Enter');
    await visit.page.keyboard.press('Tab');
    await visit.until("document.activeElement.id === 'after'");
    const code = visit.frame('cvc').locator('#cvc[aria-invalid=true]');
    await code.waitFor();
    const message = visit.frame('cvc').locator('#cvc-message');
    assert.equal(await message.textContent(), 'رمز الأمان غير مكتمل.');
    assert.equal(await code.getAttribute('aria-describedby'), 'cvc-message');
    await visit.until("events.some(({ kind, name }) => kind === 'cvc' && name === 'enter')");
    await visit.until("events.some(({ event }) => event?.brand === 'amex')");
    await visit.until('document.querySelector("#cvc").className === "payos-invalid"');
    const { error } = await visit.tokenize();
    assert.deepEqual([error.field, error.code], ['expiry', 'incomplete_expiry']);
    await visit.close();
  });

  it('hears what is wrong from the vault, and that a test needs a test card', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    await visit.mount(shop.addKey().key, ['card'], { client: { locale: 'de' } });
    const paste = '4000 0000 0000 3220';
    await visit.input('number', 'card').fill(paste);
    await visit.type('expiry', card.expiry, 'card');
    await visit.type('cvc', card.cvc, 'card');
    const { error } = await visit.tokenize();
    assert.deepEqual([error.code, error.field], ['test_card_required', 'number']);
    assert.match(error.message, /Testkarte wie 4242/);
    assert.equal(await visit.input('number', 'card').getAttribute('aria-invalid'), 'true');
    await visit.run('mounted.card.clear()');
    await visit.frame('card').waitForFunction('document.querySelector("#number").value === ""');
    assert.deepEqual((await visit.tokenize()).error.code, 'missing_number');
    await visit.close();
  });

  it('meets nothing that axe would mind, light and dark, at 320 pixels', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    for (const colorScheme of ['light', 'dark'] as const) {
      const visit = await shop.visit();
      await visit.page.setViewportSize({ width: 320, height: 600 });
      const fields = { appearance: { colorScheme } };
      await visit.mount(shop.addKey().key, ['card'], { fields, field: { showLabels: true } });
      await visit.type('number', '4242', 'card');
      await visit.page.keyboard.press('Tab');
      if (colorScheme === 'light') assert.deepEqual(await violations(visit.page), []);
      const frame = visit.frame('card');
      const ground = colorScheme === 'dark' ? 'black' : 'white';
      await frame.evaluate(`document.body.style.background = '${ground}'`);
      assert.deepEqual(await violations(frame), []);
      // Everything can be seen: the frame is as high as what is in it.
      const cut = 'document.documentElement.scrollHeight - innerHeight';
      assert.equal(await frame.evaluate(cut), 0);
      await visit.close();
    }
  });
});

/** Sends everything that frames send each other to every window and every port of the page. */
const attack = (vault: string) => `(() => {
  window.stolen = [];
  const { hash } = new URL(document.querySelector('iframe').src);
  const group = new URLSearchParams(hash.slice(1)).get('group');
  const messages = [
    ...['card', 'number', 'expiry', 'cvc'].map((role) => ({ payos: 'join', group, role })),
    { payos: 'hello', nonce: 'a' },
    ...['welcome', 'collect', 'values', 'brand'].map((type) => ({ type, id: 1 })),
    { type: 'set', setup: { appearance: { base: { color: 'url(${vault}/x)' } }, texts: 'x' } },
  ];
  const send = (to) => {
    for (const message of messages) {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', ({ data }) => window.stolen.push(data));
      port1.start();
      to(message, [port2]);
    }
  };
  for (const frame of document.querySelectorAll('iframe')) {
    send((message, ports) => frame.contentWindow.postMessage(message, '*', ports));
  }
  for (const port of window.ports) send((message, ports) => port.postMessage(message, ports));
})()`;

const fill = async (visit: Awaited<ReturnType<Shop['visit']>>) => {
  await visit.type('number', card.number);
  await visit.type('expiry', card.expiry);
  await visit.type('cvc', card.cvc);
};
const parts = ['number', 'expiry', 'cvc'] as const;
const pause = 'new Promise((done) => setTimeout(done, 200))';

describe('a page and a network as they are', { timeout: 120_000 }, () => {
  it('lose an answer, learn no more than they should, and throw frames away', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    // What the test sends on does not say that it comes from a frame of the vault.
    const origins = { allowed_origins: [shop.shop, shop.vault] };
    const { key, organization } = shop.addKey(origins);
    await visit.mount(key, parts);
    await fill(visit);
    const names = new Set<string | undefined>();
    let answers = 0;
    await visit.page.route('**/v1/tokens', async (route) => {
      names.add(route.request().headers()['idempotency-key']);
      const response = await route.fetch();
      if (answers++ === 0) return route.abort();
      const json = await response.json();
      const more = { fingerprint: 'f', card: { ...json.card, bin: '424242', number: '4242' } };
      return route.fulfill({ response, json: { ...json, ...more } });
    });
    const { token } = await visit.tokenize();
    assert.deepEqual([answers, names.size, (await tokensOf(organization)).length], [2, 1, 1]);
    assert.deepEqual(Object.keys(token.card), ['brand', 'last4', 'exp_month', 'exp_year']);
    assert.equal('fingerprint' in token, false);
    // Without its hidden frame the page gets another one; a field that was moved is empty.
    await visit.run("document.querySelector('iframe[aria-hidden]').remove()");
    assert.equal((await visit.tokenize()).token.card.last4, '4242');
    await visit.run("document.querySelector('main').append(document.querySelector('#number'))");
    assert.equal((await visit.tokenize()).error.code, 'missing_number');
    await visit.close();
  });
});

describe("an attacker's script in the merchant's page", { timeout: 120_000 }, () => {
  it('reaches no value through windows, spoofed messages and ports', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    await visit.mount(shop.addKey().key, parts);
    await fill(visit);
    const reach = (path: string) =>
      visit.run(`Array.from({ length: frames.length }, (_, at) => {
        try { return frames[at].${path} } catch { return 'no' }
      })`);
    for (const path of ['document.body', 'location.href', 'number.value', 'document.forms']) {
      assert.deepEqual(await reach(path), ['no', 'no', 'no', 'no'], path);
    }
    await visit.run(attack(shop.vault));
    await visit.run(pause);
    assert.deepEqual(await visit.run('stolen'), []);
    // And those who belong together are not put off by it.
    const { token } = await visit.tokenize();
    assert.equal(token.card.last4, '4242');
    assertClean(await visit.everything(), visit.complaints);
    await visit.close();
  });

  it('cannot pass a window of its own off as the controller', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    await visit.mount(shop.addKey().key, parts);
    await fill(visit);
    // The same address on the shop's own origin, in the controller's place.
    await visit.run(`(() => {
      const real = document.querySelector('iframe[aria-hidden]');
      const { search, pathname, hash } = new URL(real.src);
      const imposter = document.createElement('iframe');
      imposter.src = location.origin + pathname + search + hash;
      real.replaceWith(imposter);
      return new Promise((done) => { imposter.onload = done });
    })()`);
    const imposter = visit.page.frames().find((one) => one.url().startsWith(`${shop.shop}/fields`));
    assert.ok(imposter);
    await visit.run(`ports.forEach((port) => port.postMessage({ type: 'meet' })), ${pause}`);
    assert.deepEqual(await imposter.evaluate('heard'), []);
    await visit.close();
  });

  it('cannot have the card tokenized for another organization', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    await visit.mount(shop.addKey().key, parts);
    await fill(visit);
    // A key of the attacker's, who may register any origin: also that of the shop.
    const thief = shop.addKey();
    await visit.run(`(() => {
      const real = document.querySelector('iframe[aria-hidden]');
      real.src = real.src.replace(/key=[^&]+/, 'key=${thief.key}');
      return new Promise((done) => { real.onload = done });
    })()`);
    await visit.run(`ports.forEach((port) => port.postMessage({ type: 'meet' })), ${pause}`);
    await visit.run('handed.at(-1).ports[0].postMessage({ type: "tokenize", id: 9 })');
    await visit.until('heard.some((one) => one.includes("missing_number"))');
    assert.deepEqual(await tokensOf(thief.organization), []);
    await visit.close();
  });
});

/** What a page can do to a frame without looking into it. */
const tricks = [
  `const cover = document.createElement('div');
   Object.assign(cover.style, { position: 'fixed', inset: '0', opacity: '0.01', zIndex: '9' });
   document.body.append(cover)`,
  "Object.assign(frame.style, { opacity: '0', width: '1px', height: '1px' })",
  "frame.style.transform = 'translate(-9999px)'; frame.name = 'payos'; window.name = 'payos'",
  "document.querySelector('main').moveBefore(frame.parentElement, null)",
];

describe('a page that plays tricks on its frames', { timeout: 120_000 }, () => {
  it('learns nothing of what is typed meanwhile, and gets no other token', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    await visit.mount(shop.addKey().key, ['card']);
    await visit.run(`['keydown', 'keyup', 'beforeinput', 'input', 'paste'].forEach((name) =>
      addEventListener(name, (event) => heard.push('event ' + event.key + event.data), true))`);
    await visit.input('number', 'card').click();
    for (const [at, trick] of tricks.entries()) {
      await visit.page.keyboard.type(card.number.slice(at * 4, at * 4 + 4));
      await visit.run(
        `(() => { const frame = document.querySelector('#card iframe'); ${trick} })()`,
      );
    }
    assert.equal(await visit.input('number', 'card').inputValue(), '4242 4242 4242 4242');
    await visit.page.keyboard.type(card.expiry + card.cvc);
    assert.doesNotMatch(await visit.everything(), /^event|42424|4242 4/m);
    assert.equal(await visit.run(`find('4242', false, false, true, false, true)`), false);
    assert.equal((await visit.tokenize()).token.card.last4, '4242');
    assertClean(await visit.everything(), visit.complaints);
    await visit.close();
  });

  it('that takes the caret away gets what is typed from then on, and no token', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    const { key, organization } = shop.addKey();
    await visit.mount(key, parts);
    await visit.type('expiry', card.expiry);
    await visit.type('cvc', card.cvc);
    await visit.type('number', '42424242');
    // No frame can keep it: docs/threat-model.md.
    await visit.run(`(() => {
      const own = document.body.appendChild(document.createElement('input'));
      own.id = 'own';
      own.focus();
    })()`);
    await visit.page.keyboard.type('55554444');
    assert.equal(await visit.run('own.value'), '55554444');
    assert.equal((await visit.tokenize()).error.code, 'incomplete_number');
    assertClean(await visit.everything(), visit.complaints);
    assert.deepEqual(await tokensOf(organization), []);
    await visit.close();
  });

  it('that leads a frame elsewhere gets neither the others nor a token', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    const { key, organization } = shop.addKey();
    await visit.mount(key, parts);
    await fill(visit);
    // A lookalike in place of the number, which says all that a frame would say.
    await visit.run(`(() => {
      const frame = document.querySelector('#number iframe');
      const { search, pathname, hash } = new URL(frame.src);
      frame.contentWindow.location = location.origin + pathname + search + hash;
      return new Promise((done) => { frame.onload = done });
    })()`);
    const lookalike = visit.page
      .frames()
      .find((one) => one.url().startsWith(`${shop.shop}/fields`));
    await lookalike?.evaluate(`(() => {
      const place = new URLSearchParams(location.hash.slice(1));
      const [group, nonce] = [place.get('group'), place.get('nonce')];
      const channel = () => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => {
          if (data.type !== 'collect') return;
          const values = { number: '5555555555554444' };
          port1.postMessage({ type: 'values', id: data.id, values });
        };
        return [port2];
      };
      parent.postMessage({ payos: 'hello', nonce }, '*', channel());
      for (let at = 0; at < parent.length; at += 1) {
        parent[at].postMessage({ payos: 'join', group, role: 'number' }, '*', channel());
      }
    })()`);
    const { error } = await visit.tokenize();
    assert.ok(['frame_silent', 'missing_number'].includes(error?.code), error?.code);
    assert.doesNotMatch(String(await lookalike?.evaluate('heard.join()')), /1240|731/);
    assert.deepEqual(await tokensOf(organization), []);
    await visit.close();
  });

  it('that puts a frame into a sandbox or a window gets nothing of it', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    const { key, organization } = shop.addKey();
    await visit.mount(key, parts);
    await fill(visit);
    await visit.run(`(() => {
      const real = document.querySelector('iframe[aria-hidden]');
      const boxed = document.createElement('iframe');
      boxed.sandbox = 'allow-scripts';
      boxed.src = real.src;
      real.replaceWith(boxed);
      return new Promise((done) => { boxed.onload = done });
    })()`);
    await visit.run(`ports.forEach((port) => port.postMessage({ type: 'meet' })), ${pause}`);
    // Of an origin of its own it loads no script of ours, and is heard by nobody.
    assert.equal(await visit.run('handed.length'), 4);
    assert.match(visit.complaints.join(), /blocked/);
    assert.deepEqual(await tokensOf(organization), []);
    const alone = visit.page.context().waitForEvent('page');
    await visit.run("void open(document.querySelector('#number iframe').src)");
    const window = await alone;
    await window.waitForLoadState();
    assert.match(window.url(), /role=number/);
    assert.equal(await window.locator('input').count(), 0);
    await visit.close();
  });
});

describe('a page that the key does not allow', { timeout: 120_000 }, () => {
  const inputs = async (visit: Awaited<ReturnType<Shop['visit']>>) => {
    const frames = visit.page.frames().filter((one) => one !== visit.page.mainFrame());
    return Promise.all(frames.map((one) => one.locator('input').count()));
  };

  it('is told so, and cannot lie about what it is', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const { key } = shop.addKey();
    const visit = await shop.visit(shop.evil);
    assert.deepEqual(await visit.mount(key, ['card']), ['origin_not_allowed']);
    assert.equal((await visit.tokenize()).error.code, 'origin_not_allowed');
    assert.deepEqual(await inputs(visit), [0, 0]);
    // The browser knows better than the page.
    await visit.run(`(() => {
      const frame = document.querySelector('#card iframe');
      frame.src = frame.src.replace(encodeURIComponent(location.origin),
        encodeURIComponent('${shop.shop}'));
      return new Promise((done) => { frame.onload = done });
    })()`);
    assert.deepEqual(await inputs(visit), [0, 0]);
    assert.match(visit.complaints.join(), /frame-ancestors/);
    await visit.close();
  });

  it('cannot frame a page that may', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit(shop.evil, '/nest');
    const [, nested] = visit.page.frames();
    const { key } = shop.addKey();
    assert.deepEqual(await nested?.evaluate(`mount('${key}', ['card'])`), ['frame_silent']);
    assert.match(visit.complaints.join(), /frame-ancestors/);
    await visit.close();
  });

  it('has nothing to type into where the key does not work', async (t) => {
    if (!shop.hasBrowser) return t.skip();
    const visit = await shop.visit();
    const mounted = async (key: string) => (await visit.mount(key, ['card']))[0];
    const { key: revoked } = shop.addKey();
    shop.stage.keyServer.keys.set(revoked, { status: 401, body: { code: 'revoked_api_key' } });
    assert.equal(await mounted(revoked), 'revoked_api_key');
    assert.equal(await mounted('payos_pk_test_nobodys'), 'invalid_api_key');
    const anywhere = shop.addKey({ mode: 'live', allowed_origins: [] });
    assert.equal(await mounted(anywhere.key), 'origin_not_allowed');
    assert.deepEqual(
      (await inputs(visit)).filter((count) => count > 0),
      [],
    );
    // A test key works on every page until it names some.
    assert.equal(await mounted(shop.addKey({ allowed_origins: [] }).key), 'ready');
    await visit.close();
  });
});

describe('what the vault serves', () => {
  const path = (key: string, origin: string) =>
    `${folder}/frame?${new URLSearchParams({ key, origin })}`;

  it('is the script that was published, for every page, for ever', async () => {
    for (const { path: script, integrity } of scripts) {
      const { headers, body } = await shop.get(script);
      assert.equal(`sha384-${createHash('sha384').update(body).digest('base64')}`, integrity);
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
    const [loader] = scripts;
    const { headers, body } = await shop.get(loader?.path ?? '', { 'accept-encoding': 'gzip' });
    assert.equal(headers['content-encoding'], 'gzip');
    assert.ok(body.length <= 15_000, String(body.length));
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    const etag = String(headers.etag);
    const again = await shop.get(loader?.path ?? '', { 'if-none-match': etag });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
    for (const missing of [`${folder}/payos.js.gz`, `${folder}/frame.html`, '/fields/', folder]) {
      assert.equal((await shop.get(missing)).status, 404, missing);
    }
  });

  it('is a document that loads nothing foreign and is shown where the key says', async () => {
    const origins = [shop.shop, 'https://pay.example'];
    const { key } = shop.addKey({
      allowed_origins: [...origins, 'https://x.example; script-src *'],
    });
    const { status, headers } = await shop.get(path(key, shop.shop));
    assert.equal(status, 200);
    const policy = String(headers['content-security-policy']).split('; ');
    assert.deepEqual(policy, [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "form-action 'none'",
      "base-uri 'none'",
      `frame-ancestors ${origins.join(' ')}`,
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    assert.equal(headers['x-frame-options'], undefined);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.match(String(headers['permissions-policy']), /camera=\(\), microphone=\(\)/);
  });

  it('is nothing to type into for a page or key that may not, and echoes nothing', async () => {
    const { key } = shop.addKey();
    const secret = shop.stage.key;
    const cases: [string, number, string][] = [
      [path(key, shop.evil), 403, 'origin_not_allowed'],
      [path(key, 'null'), 403, 'origin_not_allowed'],
      [path(key, `${shop.shop}"><script>`), 403, 'origin_not_allowed'],
      [path('payos_pk_test_"><script>', shop.shop), 401, 'invalid_api_key'],
      [`${folder}/frame?origin=${shop.shop}`, 401, 'missing_api_key'],
      [`${folder}/frame`, 401, 'missing_api_key'],
    ];
    for (const [url, expected, code] of cases) {
      const { status, headers, body } = await shop.get(url);
      assert.equal(status, expected, url);
      assert.match(body.toString(), new RegExp(`<html lang="en" data-refused="${code}">`));
      assert.doesNotMatch(body.toString(), /<script>|evil/);
      assert.match(String(headers['content-security-policy']), /connect-src 'none'/);
    }
    const refused: [string, string][] = [
      [`${path(key, shop.shop)}&more=1`, 'invalid_request'],
      [`${path(key, shop.shop)}&key=${key}`, 'invalid_request'],
      [path(secret, shop.shop), 'key_in_url'],
      [`${folder}/payos.js?v=1`, 'invalid_request'],
    ];
    for (const [url, code] of refused) {
      const { headers, body } = await shop.get(url);
      assert.equal(JSON.parse(body.toString()).code, code, url);
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
    }
  });

  it('takes what its own frames send, and from other pages only what the key allows', async () => {
    const { key } = shop.addKey();
    const send = (origin: string, site: string) =>
      shop.stage.post(
        { type: 'card', card: { number: card.number, exp_month: 12, exp_year: 2040 } },
        { authorization: `Bearer ${key}`, origin, 'sec-fetch-site': site },
      );
    assert.equal((await send(shop.vault, 'same-origin')).status, 201);
    assert.equal((await send(shop.shop, 'cross-site')).status, 201);
    assert.equal((await send(shop.vault, 'same-site')).json.code, 'origin_not_allowed');
    assert.equal((await send(shop.evil, 'cross-site')).json.code, 'origin_not_allowed');
  });
});
