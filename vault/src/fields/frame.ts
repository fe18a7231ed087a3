import { errorTable } from 'payos-contract';
import type { KeyCheck } from '../api/check-key.ts';
import type { KnownKey } from '../api/key-memory.ts';
import { addressOf, refuseLate, requireAddress, userAgentOf } from '../api/public.ts';
import type { Answer } from '../core/answer.ts';
import { monotonicMs } from '../core/clock.ts';
import type { Exchange, Handler } from '../core/listener.ts';
import type { LiveMode } from '../core/live-mode.ts';
import { networkOf } from '../core/network-of.ts';
import { Refusal } from '../core/problem.ts';
import type { BuiltFile } from './read-build.ts';

export type FrameDeps = { keyCheck: KeyCheck; liveMode: Pick<LiveMode, 'isOpen'> };

/**
 * The document of a frame. Which pages may show it is said by the key, and held by the browser.
 * Where the key may not be used, it is a document without an input, which says why to its page.
 */
export function getFrame(file: BuiltFile, deps: FrameDeps): Handler {
  const [before = '', after = ''] = file.content.toString('utf8').split('data-refused=""');
  const refused = (code: string) => Buffer.from(`${before}data-refused="${code}"${after}`);

  async function handle(exchange: Exchange): Promise<Answer> {
    const { query, notes } = exchange;
    const startedAt = monotonicMs();
    try {
      const key = await checkKey(deps, exchange, query.get('key'));
      Object.assign(notes, { organization: key.organization, mode: key.mode, actor: key.key });
      const ancestors = framers(key, query.get('origin') ?? '');
      return { status: 200, body: file.content, headers: headersOf(file, ancestors, "'self'") };
    } catch (error) {
      const late = await refuseLate(startedAt, error).catch((final: unknown) => final);
      if (!(late instanceof Refusal)) throw late;
      notes.code = late.code;
      const { status } = errorTable[late.code];
      const headers = { ...headersOf(file, '*', "'none'"), ...late.headers };
      return { status, body: refused(late.code), headers };
    }
  }
  return Object.assign(handle, { query: ['key', 'origin'] });
}

async function checkKey(
  { keyCheck, liveMode }: FrameDeps,
  { request }: Exchange,
  key: string | undefined,
): Promise<KnownKey> {
  const address = addressOf(request);
  const bearer = { address, userAgent: userAgentOf(request), network: networkOf(address) };
  const checked = await keyCheck.check(key, 'tokens:create', bearer);
  if (checked.kind === 'secret') throw new Refusal('secret_key_in_browser');
  requireAddress(address, checked);
  if (checked.mode === 'live' && !liveMode.isOpen()) throw new Refusal('live_mode_unavailable');
  return checked;
}

/** What an origin may consist of, so that none can add to the policy. */
const originPattern = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;

/**
 * Sources for `frame-ancestors`. A live key that names no origins is framed by nobody: it would be
 * a form for card numbers that every page could show as its own.
 *
 * @param origin of the page, as it says itself
 * @throws Refusal `origin_not_allowed`, so that the page hears a reason; lying gains nothing
 */
function framers({ allowed_origins: allowed, mode }: KnownKey, origin: string): string {
  if (!originPattern.test(origin)) throw new Refusal('origin_not_allowed');
  if (allowed.length === 0 && mode === 'test') return '*';
  if (!allowed.includes(origin)) throw new Refusal('origin_not_allowed');
  return allowed.filter((one) => originPattern.test(one)).join(' ');
}

/** @param own source of scripts and target of requests */
function headersOf(
  { type }: BuiltFile,
  ancestors: string,
  connect: string,
): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${connect}`,
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors}`,
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'Content-Type': type,
    'Content-Security-Policy': policy.join('; '),
    // Older than `frame-ancestors`, and it knows no list.
    'X-Frame-Options': '',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Opener-Policy': 'same-origin',
    // A page that isolates itself shows only frames that say this.
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Origin-Agent-Cluster': '?1',
    'Permissions-Policy': permissionsPolicy,
  };
}

const permissionsPolicy = [
  'camera',
  'microphone',
  'geolocation',
  'display-capture',
  'payment',
  'usb',
  'serial',
  'hid',
  'midi',
  'clipboard-read',
  'clipboard-write',
  'publickey-credentials-get',
  'publickey-credentials-create',
]
  .map((name) => `${name}=()`)
  .join(', ');
