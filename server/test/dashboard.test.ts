import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildDashboard, builtDashboard } from '../../launcher/src/build-dashboard.ts';
import { startBrowser } from '../../tools/browser.ts';
import { serveDashboard } from '../src/dashboard/index.ts';
import { ask } from './raw-request.ts';
import { servePages } from './serve-pages.ts';

const urls = { apiUrl: 'https://localhost:8443', vaultUrl: 'https://localhost:8444' };
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let site: Awaited<ReturnType<typeof servePages>>;
before(async () => {
  await buildDashboard();
  const folder = pathToFileURL(`${builtDashboard}/`);
  site = await servePages((app) => serveDashboard(app, { ...urls, folder }));
});
after(() => site?.stop());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  ask(site, method, path, headers);

/** Path of the first script, as the document names it. */
async function scriptPath(): Promise<string> {
  const { body } = await get('/', html);
  return /src="(\/assets\/[^"]+\.js)"/.exec(body.toString())?.[1] ?? '';
}

describe('the document', () => {
  for (const path of ['/', '/sign-in', '/payments/pay_1?tab=x', '/account/sessions/']) {
    it(`is answered at ${path}, never stored, under a strict policy`, async () => {
      const { status, headers, body } = await get(path, html);
      assert.equal(status, 200);
      assert.match(body.toString(), /^<!doctype html>/);
      assert.match(String(headers['content-type']), /^text\/html/);
      assert.equal(headers['cache-control'], 'no-store');
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.match(policy, /require-trusted-types-for 'script'; trusted-types 'none'/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:|data:|blob:/);
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.match(String(headers['permissions-policy']), /publickey-credentials-get=\(self\)/);
    });
  }

  it('has nothing inline, and names no other host', async () => {
    const text = (await get('/', html)).body.toString();
    assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)[^>]*>|<style|\son\w+=|style=/);
    for (const [, url] of text.matchAll(/(?:src|href)="([^"]*)"/g)) assert.match(url ?? '', /^\//);
  });

  it('is not answered to programs: they are told where to go instead', async () => {
    const { body, headers } = await get('/');
    assert.equal(JSON.parse(body.toString()).dashboard, 'https://localhost:8443/');
    assert.equal(headers['vary'], 'Accept');
    for (const path of ['/payments', '/v1', '/v1/nowhere', '/docs/nowhere']) {
      const answer = await get(path, path.startsWith('/p') ? {} : html);
      assert.equal(answer.status, 404);
      assert.equal(JSON.parse(answer.body.toString()).code, 'route_not_found');
    }
  });

  it('answers HEAD without a body', async () => {
    for (const path of ['/', '/payments', await scriptPath()]) {
      const { status, body } = await get(path, html, 'HEAD');
      assert.deepEqual([status, body.length], [200, 0]);
    }
  });
});

describe('the files', () => {
  it('are kept for ever where their name holds a hash, asked for again where not', async () => {
    const script = await get(await scriptPath());
    assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(String(script.headers['content-type']), /^text\/javascript/);
    const theme = await get('/theme.js');
    assert.equal(theme.headers['cache-control'], 'no-cache');
    const etag = String(theme.headers['etag']);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      assert.equal((await get('/theme.js', { 'if-none-match': tag })).status, 304, tag);
    }
    assert.equal((await get('/theme.js', { 'if-none-match': '"other"' })).status, 200);
  });

  it('come compressed as the browser can read it', async () => {
    const path = await scriptPath();
    const plain = await get(path);
    assert.equal(plain.headers['content-encoding'], undefined);
    const brotli = await get(path, { 'accept-encoding': 'gzip, deflate, br, zstd' });
    assert.equal(brotli.headers['content-encoding'], 'br');
    assert.deepEqual(brotliDecompressSync(brotli.body), plain.body);
    const gzip = await get(path, { 'accept-encoding': 'br;q=0, gzip;q=0.5' });
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.deepEqual(gunzipSync(gzip.body), plain.body);
    assert.equal(gzip.headers['vary'], 'Accept-Encoding');
  });

  it('are those of the build, whatever the path', async () => {
    const attempts = [
      '/../package.json',
      '/assets/../../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/%2e%2e/index.html',
      '/..\\..\\package.json',
      '//etc/passwd',
      '/assets/',
      '/assets/nowhere.js',
      '/.stamp',
      '/.vite/manifest.json',
      '/index.html%00.js',
      '/assets',
    ];
    for (const path of attempts) {
      const { status, body } = await get(path, html);
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
      assert.match(JSON.parse(body.toString()).code, /route_not_found|malformed_http/);
    }
  });
});

it('says so in one clear text when it has not been built', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'payos-dist-'));
  rmSync(folder, { recursive: true });
  const missing = pathToFileURL(`${folder}/`);
  const bare = await servePages((app) => serveDashboard(app, { ...urls, folder: missing }));
  try {
    const { status, body } = await ask(bare, 'GET', '/payments', html);
    assert.equal(status, 503);
    assert.match(body.toString(), /has not been built/);
    assert.equal((await ask(bare, 'GET', '/', {})).status, 200);
  } finally {
    await bare.stop();
  }
});

it('holds its policy against markup and code made of text', async (t) => {
  const browser = await startBrowser();
  if (browser === undefined) return t.skip('there is no browser');
  try {
    const page = await browser.browser.newPage({ ignoreHTTPSErrors: true });
    await page.goto(`${site.origin}/`);
    const tries = [
      `document.body.innerHTML = '<img src=x onerror="globalThis.ran = true">'`,
      `document.body.append(Object.assign(document.createElement('script'), { text: 'ran = 1' }))`,
      `eval('globalThis.ran = true')`,
      `setTimeout('globalThis.ran = true')`,
      `trustedTypes.createPolicy('own', { createHTML: (text) => text })`,
    ];
    for (const code of tries) {
      // In a task of the page's own: what the debugger evaluates itself is exempt from the policy.
      const outcome = await page.evaluate(`new Promise((done) => {
        const refused = () => done('refused');
        document.addEventListener('securitypolicyviolation', refused, { once: true });
        setTimeout(() => {
          try { ${code} } catch { refused(); }
          setTimeout(done, 300, 'ran');
        });
      })`);
      assert.equal(outcome, 'refused', code);
      assert.equal(await page.evaluate('globalThis.ran'), undefined);
    }
  } finally {
    await browser.stop();
  }
});
