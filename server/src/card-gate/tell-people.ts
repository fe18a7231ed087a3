import type { schemas } from 'payos-contract';
import { permissionsByMode } from '../access/index.ts';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { enqueueMail, type MailData } from '../mail/index.ts';
import type { AttestationRow } from './attestation.ts';

const selectPeople = statement(
  'card_gate.people',
  `SELECT a.name, a.email, o.name AS organization, m.role_test, m.role_live,
     rt.permissions AS custom_test, rl.permissions AS custom_live
   FROM members m
   JOIN accounts a ON a.id = m.account_id
   JOIN organizations o ON o.id = m.organization_id
   LEFT JOIN roles rt ON rt.organization_id = m.organization_id AND rt.id = m.role_test
   LEFT JOIN roles rl ON rl.organization_id = m.organization_id AND rl.id = m.role_live
   WHERE m.organization_id = $1 AND m.status = 'active' ORDER BY m.created_at LIMIT 200`,
);

type Person = Parameters<typeof permissionsByMode>[0] & {
  name: string;
  email: string;
  organization: string;
};

/**
 * Writes to everybody who decides on the gate of live mode, with the change or not at all: two
 * people who open it together do not do so unseen. In test mode nothing is at stake.
 */
export async function tellPeople(
  tx: Tx,
  sealer: Sealer,
  row: AttestationRow,
  what: MailData['card_gate']['what'],
): Promise<void> {
  if (row.mode !== 'live') return;
  const organization = row.organization_id;
  const people = await tx.query<Person>(selectPeople, [organization]);
  const scopes: schemas.GateScopes = { raw_cards: row.raw_cards, reveal: row.reveal };
  for (const person of people) {
    if (!permissionsByMode(person).live.has('card_gate:approve')) continue;
    const { name, email, organization: called } = person;
    const until = row.valid_until;
    const data = { name, organization: called, what, scopes, until, reason: row.closed_reason };
    await enqueueMail(tx.query, sealer, { to: email, template: 'card_gate', data, organization });
  }
}
