import { createPublicKey, type KeyObject } from 'node:crypto';
import { clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { EgressClient, type EgressSettings } from '../../egress/index.ts';

/** After this long a list is read again, so that a key that was withdrawn ends. */
const freshMs = 6 * 3_600_000;
/** A key that is not in the list makes for another look, so often at most. */
const lookAgainMs = 60_000;

type List = { keys: ReadonlyMap<string, KeyObject>; readMs: number };

/**
 * The public keys of a secret scanner, as GitHub lists them for its partners: at
 * `https://api.github.com/meta/public_keys/secret_scanning`, or in a file of that form.
 */
export class ScannerKeys {
  readonly #read: () => Promise<string>;
  readonly #log: Log;
  #list: List | undefined;
  #reading: Promise<void> | undefined;
  #triedMs = Number.NEGATIVE_INFINITY;

  constructor(read: () => Promise<string>, log: Log) {
    this.#read = read;
    this.#log = log;
  }

  /** The key with this identifier; undefined: there is none, or the list cannot be read. */
  async find(identifier: string): Promise<KeyObject | undefined> {
    const now = clock.monotonicMs();
    const isOld = this.#list === undefined || now - this.#list.readMs > freshMs;
    const isMissing = !this.#list?.keys.has(identifier);
    if ((isOld || isMissing) && now - this.#triedMs > lookAgainMs) await this.#renew();
    // A list that cannot be renewed is believed no longer: its keys may have been withdrawn.
    const usable = this.#list !== undefined && now - this.#list.readMs <= 2 * freshMs;
    return usable ? this.#list?.keys.get(identifier) : undefined;
  }

  async #renew(): Promise<void> {
    this.#reading ??= this.#readList().finally(() => {
      this.#reading = undefined;
      this.#triedMs = clock.monotonicMs();
    });
    await this.#reading;
  }

  async #readList(): Promise<void> {
    try {
      this.#list = { keys: parseScannerKeys(await this.#read()), readMs: clock.monotonicMs() };
    } catch (error) {
      this.#log.error({ err: error }, "the secret scanner's keys could not be read");
    }
  }
}

type Options = {
  /** PAYOS_SECRET_SCANNING_KEYS: an https URL, or the list itself. */
  source: string | undefined;
  egress: EgressSettings;
  log: Log;
};

/** The keys of the scanner that is listened to; undefined where there is none. */
export function openScannerKeys({ source, egress, log }: Options): ScannerKeys | undefined {
  if (source === undefined) return undefined;
  if (!source.startsWith('https://')) {
    requireList(source);
    return new ScannerKeys(async () => source, log);
  }
  const read = async () => {
    // Needed a few times a day: no connection and no roots are kept for it.
    const client = new EgressClient({ ...egress, timeoutMs: 10_000 });
    try {
      const asked = { accept: 'application/json', 'user-agent': 'PayOS' };
      const { status, body } = await client.get(source, asked);
      if (status !== 200) throw new Error(`status ${status}`);
      return body.toString();
    } finally {
      await client.close();
    }
  };
  return new ScannerKeys(read, log);
}

/** A list that is wrong stops the start: a report that comes would be refused for it. */
function requireList(source: string): void {
  try {
    parseScannerKeys(source);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Error(`PAYOS_SECRET_SCANNING_KEYS is neither an https URL nor a list: ${why}`);
  }
}

/**
 * `{"public_keys": [{"key_identifier": …, "key": PEM, "is_current": …}]}`. Those that are not
 * current still count: GitHub signs what it sends again as it did before.
 *
 * @throws Error when it is not of this form, or holds no key on P-256
 */
export function parseScannerKeys(text: string): ReadonlyMap<string, KeyObject> {
  const { public_keys: list } = JSON.parse(text) as { public_keys?: unknown };
  if (!Array.isArray(list)) throw new Error('public_keys is not a list');
  const keys = new Map<string, KeyObject>();
  for (const entry of list as { key_identifier?: unknown; key?: unknown }[]) {
    if (typeof entry.key_identifier !== 'string' || typeof entry.key !== 'string') continue;
    const key = createPublicKey(entry.key);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') continue;
    keys.set(entry.key_identifier, key);
  }
  if (keys.size === 0) throw new Error('no key on the curve P-256');
  return keys;
}
