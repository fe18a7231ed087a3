import { Card } from '../cards/card.ts';
import { describeError, type Log } from '../core/log.ts';
import type { KekStore } from './kek-store.ts';
import type { Owner } from './key-provider.ts';
import { kekNameOf, openRecord } from './record.ts';

/**
 * Opens a stored card with the key that its header names.
 *
 * @throws where it does not open
 */
export async function openCard(
  keks: KekStore,
  owner: Owner,
  token: string,
  sealed: Buffer,
): Promise<Card> {
  const { id, version } = kekNameOf(sealed);
  const kek = await keks.named(owner, 'card', id, version);
  const plain = openRecord(kek, { ...owner, token, recordType: 'card' }, sealed);
  const card = Card.fromBytes(plain);
  plain.fill(0);
  return card;
}

/** The same, but undefined for a card that does not open; the log says why. */
export async function tryOpenCard(
  { keks, log }: { keks: KekStore; log: Log },
  owner: Owner,
  token: string,
  sealed: Buffer,
): Promise<Card | undefined> {
  try {
    return await openCard(keks, owner, token, sealed);
  } catch (error) {
    log('error', 'card_unreadable', { token, error: describeError(error) });
    return undefined;
  }
}
