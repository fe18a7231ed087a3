import type { IncomingMessage } from 'node:http';
import { Refusal } from '../core/problem.ts';
import { requirePermission } from './check-key.ts';
import { isOurOwn } from './cors.ts';
import type { KnownKey } from './key-memory.ts';

/**
 * Whether this key may bring card numbers from where it is used. In live mode numbers come from the
 * secure fields; from servers only while the card gate is open, since whoever handles them is
 * assessed for it (PCI DSS v4.0.1, SAQ D). In test mode there are published test cards only.
 *
 * @throws Refusal `fields_required`, `permission_denied`, `ip_list_required`, `card_gate_closed`
 */
export function requireRawCards(request: IncomingMessage, key: KnownKey): void {
  if (key.mode !== 'live') return;
  if (key.kind === 'publishable') {
    if (isOurOwn(request)) return;
    throw new Refusal('fields_required');
  }
  requirePermission(key, 'cards:create_raw');
  requireBound(key);
  if (!key.gate.raw_cards) throw new Refusal('card_gate_closed');
}

/** @throws Refusal `ip_list_required` */
export function requireBound({ bound }: KnownKey): void {
  if (!bound) throw new Refusal('ip_list_required');
}
