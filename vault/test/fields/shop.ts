import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { base62FromBytes, formatApiKey, type Mode } from 'payos-contract';
import type { Frame, Page } from 'playwright-core';
import { Agent, request } from 'undici';
import { buildFields } from '../../../launcher/src/build-fields.ts';
import { startBrowser } from '../../../tools/browser.ts';
import { root } from '../../../tools/program.ts';
import { type Stage, setStage } from '../stage.ts';
import { checkedKey, newOrganization } from '../support.ts';
import { pageScript } from './page-script.ts';

type Script = { path: string; integrity: string };

const manifest = JSON.parse(readFileSync(join(root, 'fields', 'integrity.json'), 'utf8'));
export const scripts: readonly Script[] = manifest.scripts;
export const folder = `/fields/v${manifest.version}`;

export const card = { number: '4242424242424242', expiry: '1240', cvc: '731' };

/** A vault, a merchant's shop on one origin, an attacker's page on another, and a browser. */
export async function openShop() {
  await buildFields();
  const live = 'yes, and I accept that the disk holds the root key';
  const stage = await setStage({ PAYOS_ALLOW_KEYRING_FILE_IN_LIVE: live });
  const vault = `https://localhost:${stage.vault.port}`;
  const { shop, evil, close } = await servePages(stage, vault);
  const browser = await startBrowser();
  const dispatcher = new Agent({ connect: { ca: stage.ground.pem('ca.pem') } });
  return {
    stage,
    vault,
    shop,
    evil,
    addKey: (more: Key = {}) => addKey(stage, { allowed_origins: [shop], ...more }),
    /** Bytes as they are sent, without a browser. */
    get: async (path: string, headers: Record<string, string> = {}) => {
      const answer = await request(vault + path, { dispatcher, headers });
      const body = Buffer.from(await answer.body.arrayBuffer());
      return { status: answer.statusCode, headers: answer.headers, body };
    },
    hasBrowser: browser !== undefined,
    /** A new page with nothing mounted. */
    visit: async (origin = shop, path = '/') => {
      if (browser === undefined) throw new Error('no browser');
      const context = await browser.browser.newContext({ ignoreHTTPSErrors: true });
      await context.addInitScript({ content: pageScript });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(origin + path);
      return new Visit(page, complaints);
    },
    close: async () => {
      await browser?.stop();
      await dispatcher.close();
      close();
      await stage.close();
    },
  };
}

/** The same page on two origins, under a policy that lets in the vault and nothing else. */
async function servePages({ ground }: Stage, vault: string) {
  const tls = { cert: ground.pem('localhost.pem'), key: ground.pem('localhost-key.pem') };
  const servers = [createServer(tls), createServer(tls)];
  const origins: string[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origins.push(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (asked: IncomingMessage, response: ServerResponse) => {
      const policy =
        `default-src 'none'; script-src ${vault}; frame-src ${vault} ${origins[0]}; ` +
        "require-trusted-types-for 'script'; trusted-types 'none'";
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader('Content-Security-Policy', policy);
      response.end(asked.url === '/nest' ? nest(origins[0]) : html(vault));
    });
  }
  const close = () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
  return { shop: origins[0] ?? '', evil: origins[1] ?? '', close };
}

type Key = { mode?: Mode; allowed_origins?: string[] };

/** A publishable key of an organization of its own. */
function addKey({ keyServer }: Stage, more: Key) {
  const { mode = 'test' } = more;
  const secret = base62FromBytes(randomBytes(128), 32);
  const key = formatApiKey('publishable', mode, base62FromBytes(randomBytes(64), 12), secret);
  const organization = newOrganization();
  const body = { ...checkedKey(organization, mode), kind: 'publishable', ...more };
  keyServer.keys.set(key, { status: 200, body });
  return { key, organization };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

type Kind = 'card' | 'number' | 'expiry' | 'cvc';
type Part = 'number' | 'expiry' | 'cvc';

/** One page of the shop, open in the browser. */
class Visit {
  readonly page: Page;
  /** What the console says, violations of policies included. */
  readonly complaints: string[];

  constructor(page: Page, complaints: string[]) {
    this.page = page;
    this.complaints = complaints;
  }

  /** @returns per kind `ready`, or the code of what is in the way */
  mount(key: string, kinds: readonly Kind[], options: object = {}): Promise<string[]> {
    return this.run(`mount(${JSON.stringify(key)}, ${JSON.stringify(kinds)},
      ${JSON.stringify(options)})`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the page answers
  run(expression: string): Promise<any> {
    return this.page.evaluate(expression);
  }

  /** Messages of frames arrive a moment later than what they tell of. */
  async until(condition: string): Promise<void> {
    // Asked from here: the policy of the page lets no text be looked at again and again in it.
    const end = performance.now() + 20_000;
    while (!(await this.run(condition))) {
      if (performance.now() > end) throw new Error(`it did not come to ${condition}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  input(part: Part, kind: Kind = part) {
    return this.page.frameLocator(`#${kind} iframe`).locator(`#${part}`);
  }

  async type(part: Part, text: string, kind: Kind = part): Promise<void> {
    await this.input(part, kind).click();
    await this.page.keyboard.type(text);
  }

  /** The vault's document in one of the frames. */
  frame(role: Kind | 'controller'): Frame {
    const found = this.page.frames().find((one) => one.url().includes(`#role=${role}`));
    if (found === undefined) throw new Error(`there is no frame ${role}`);
    return found;
  }

  tokenize(name?: string) {
    return this.run(`fields.tokenize(${name === undefined ? '' : JSON.stringify({ name })})`);
  }

  /** Everything that the page heard, said, or has in its document. */
  async everything(): Promise<string> {
    const heard = await this.run('heard.join("\\n") + document.documentElement.outerHTML');
    return heard + (await this.run('JSON.stringify(events)'));
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

function html(vault: string): string {
  const [loader] = scripts;
  const places = ['card', 'number', 'expiry', 'cvc'].map((id) => `<div id="${id}"></div>`);
  return `<!doctype html><html lang="en"><head><title>Shop</title></head><body><main>
    <h1>Shop</h1>${places.join('')}<button id="after">Pay</button></main>
    <script src="${vault}${loader?.path}" integrity="${loader?.integrity}" crossorigin></script>
    </body></html>`;
}

function nest(shop = ''): string {
  return `<!doctype html><title>Nest</title><iframe src="${shop}/"></iframe>`;
}
