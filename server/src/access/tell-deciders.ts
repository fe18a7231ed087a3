import type { Permission } from 'payos-contract';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { enqueueMail, type MailData, type NewMail } from '../mail/index.ts';
import { permissionsByMode } from './find-session.ts';

/** Mails about what two people decide together, and about what makes them decide anew. */
type Decided = 'card_gate' | 'reveal_key' | 'forward_destination' | 'card_data_found';

const selectPeople = statement(
  'members.deciders',
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
 * Writes to everybody who may decide this in live mode, with the change or not at all: what two
 * people do together is not unseen by the others.
 *
 * @param permission what those who decide may do
 */
export async function tellDeciders<T extends Decided>(
  tx: Tx,
  sealer: Sealer,
  organization: string,
  permission: Permission,
  mail: { template: T; data: Omit<MailData[T], 'name' | 'organization'> },
): Promise<void> {
  const { template } = mail;
  for (const person of await tx.query<Person>(selectPeople, [organization])) {
    if (!permissionsByMode(person).live.has(permission)) continue;
    const { name, email, organization: called } = person;
    const data = { ...mail.data, name, organization: called };
    // The types say per template what fits; a template that is a parameter is beyond them.
    const full = { to: email, template, data, organization } as unknown as NewMail;
    await enqueueMail(tx.query, sealer, full);
  }
}
