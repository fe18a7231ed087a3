import { type Query, statement } from '../core/db.ts';
import { newId } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import type { NewMail } from './mail-data.ts';

const insertMail = statement(
  'mails.insert',
  `INSERT INTO mails (id, organization_id, recipient, template, data_sealed)
   VALUES ($1, $2, $3, $4, $5)`,
);

/** What the sealed data of mails are bound to, beside the mail's id. */
export const sealedFor = 'mail';

/**
 * Writes a mail in the transaction of the change it tells of; the worker sends it soon after, or
 * drops it where no mail can be sent.
 */
export async function enqueueMail(query: Query, sealer: Sealer, mail: NewMail): Promise<void> {
  const id = newId('mail');
  const sealed = sealer.seal(Buffer.from(JSON.stringify(mail.data)), sealedFor, id);
  await query(insertMail, [id, mail.organization ?? null, mail.to, mail.template, sealed]);
}
