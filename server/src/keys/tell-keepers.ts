import type { Tx } from '../core/mutate.ts';
import type { Sealer } from '../core/seal.ts';
import { enqueueMail, type MailData, type NewMail } from '../mail/index.ts';
import { readKeepers } from './keepers.ts';
import type { ApiKeyRow } from './key-row.ts';

type KeyTemplate = Extract<keyof MailData, `api_key_${string}`>;
type More<T extends KeyTemplate> = Omit<MailData[T], 'name' | 'organization' | 'key'>;

/**
 * Writes to those who look after a key, with the change it tells of or not at all.
 *
 * @param urgent to everybody who runs the organization as well
 */
export async function tellKeepers<T extends KeyTemplate>(
  tx: Tx,
  sealer: Sealer,
  row: ApiKeyRow,
  mail: { template: T; data: More<T>; urgent?: boolean },
): Promise<void> {
  const { organization_id: organization, id, name, hint, mode } = row;
  const { template, urgent = false } = mail;
  for (const keeper of await readKeepers(tx.query, organization, row.owner_id, urgent)) {
    const key = { id, name, hint, mode };
    const data = { name: keeper.name, organization: keeper.organization, key, ...mail.data };
    // The types say per template what fits; a template that is a parameter is beyond them.
    const written = { to: keeper.email, organization, template, data };
    await enqueueMail(tx.query, sealer, written as unknown as NewMail);
  }
}
