import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Frame, Page, Request } from 'playwright-core';
import { startProfile } from '../../../tools/browser.ts';
import type { Card } from './cards.ts';
import { keptTexts, reachableTexts } from './reachable.ts';

/**
 * Somebody with a browser of their own, which believes the vault's certificate as others are
 * believed: otherwise it would keep nothing in its cache.
 *
 * @param certificate PEM
 * @returns undefined where there is no browser
 */
export async function openVisitor(certificate: string) {
  const profile = mkdtempSync(join(tmpdir(), 'payos-visitor-'));
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  const hash = createHash('sha256').update(key).digest('base64');
  const flag = `--ignore-certificate-errors-spki-list=${hash}`;
  const started = await startProfile(profile, [flag]);
  if (started === undefined) return undefined;
  const { context, stop } = started;
  context.setDefaultTimeout(30_000);
  const said: string[] = [];
  const requests: Request[] = [];
  context.on('request', (request) => requests.push(request));
  context.on('console', (message) => said.push(message.text()));
  context.on('weberror', (error) => said.push(String(error.error().stack)));
  return {
    /** Where the browser keeps what it keeps. */
    profile,
    said,
    requests,
    open: async (url: string) => {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    /** Every cookie, whoever may read it. */
    cookies: () => context.cookies(),
    stop,
    remove: () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export type Visitor = NonNullable<Awaited<ReturnType<typeof openVisitor>>>;

/** Types a card with the keyboard, one key after the other, into three frames. */
export async function typeCard(page: Page, place: (part: string) => string, card: Card) {
  const texts = { number: card.number, expiry: '1239', cvc: card.code };
  for (const [part, text] of Object.entries(texts)) {
    await page
      .frameLocator(`${place(part)} iframe`)
      .locator('input')
      .click();
    await page.keyboard.type(text);
  }
}

export type Seen = { state: string; heap: string; kept: string };

/** All that is in a page: what its scripts can reach, its whole heap, and what it has stored. */
export async function lookThrough(page: Page): Promise<Seen> {
  const session = await page.context().newCDPSession(page);
  const heap = await heapOf(session);
  const state: string = await page.evaluate(reachableTexts);
  const html: string = await page.evaluate('document.documentElement.outerHTML');
  return { heap, state: state + html, kept: await page.evaluate(keptTexts) };
}

/** The same of one of its frames, as only its own scripts could. */
export async function lookIntoFrame(frame: Frame): Promise<Pick<Seen, 'heap' | 'kept'>> {
  const heap = await heapOf(await frame.page().context().newCDPSession(frame));
  return { heap, kept: await frame.evaluate(keptTexts) };
}

/** A snapshot of all that the scripts of a document hold, reachable or not yet collected. */
async function heapOf(session: CDPSession): Promise<string> {
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}
