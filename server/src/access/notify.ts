import { clock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { type Circumstances, enqueueMail, type MailData, type NewMail } from '../mail/index.ts';
import { describeDevice } from './device.ts';

/** Mails that greet their reader and say when and from where something was done. */
type Personal = {
  [T in keyof MailData]: MailData[T] extends Circumstances & { name: string } ? T : never;
}[keyof MailData];
type More<T extends Personal> = Omit<MailData[T], keyof Circumstances | 'name'>;

const selectPerson = statement(
  'accounts.addressee',
  'SELECT email, name FROM accounts WHERE id = $1',
);

/** When and from where the request comes. */
export function circumstancesOf(ctx: Pick<Context, 'address' | 'userAgent'>): Circumstances {
  const { address, userAgent } = ctx;
  return { at: new Date(clock.nowMs()).toISOString(), address, device: describeDevice(userAgent) };
}

/**
 * Writes to a person about their own account (ASVS 6.3.7), with the change itself or not at all.
 *
 * @param to another address than the one of the account
 */
export async function notify<T extends Personal>(
  tx: Tx,
  from: { sealer: Sealer; circumstances: Circumstances },
  account: string,
  mail: { template: T; data: More<T>; to?: string },
): Promise<void> {
  const [person] = await tx.query<{ email: string; name: string }>(selectPerson, [account]);
  if (person === undefined) throw new Error('a mail to nobody');
  const { template, data, to = person.email } = mail;
  // The types say per template what fits; a template that is a parameter is beyond them.
  const full = { name: person.name, ...from.circumstances, ...data };
  await enqueueMail(tx.query, from.sealer, { to, template, data: full } as unknown as NewMail);
}
