import { Card } from '../cards/card.ts';
import { describeError, type Log } from '../core/log.ts';
import type { KekStore } from '../seal/kek-store.ts';
import type { Owner } from '../seal/key-provider.ts';
import { kekNameOf, openRecord } from '../seal/record.ts';

/**
 * Opens a stored card with the key that its header names.
 *
 * @returns undefined where it does not open; the log says why
 */
export async function openCard(
  { keks, log }: { keks: KekStore; log: Log },
  owner: Owner,
  token: string,
  sealed: Buffer,
): Promise<Card | undefined> {
  try {
    const { id, version } = kekNameOf(sealed);
    const kek = await keks.named(owner, 'card', id, version);
    const plain = openRecord(kek, { ...owner, token, recordType: 'card' }, sealed);
    const card = Card.fromBytes(plain);
    plain.fill(0);
    return card;
  } catch (error) {
    log('error', 'card_unreadable', { token, error: describeError(error) });
    return undefined;
  }
}
