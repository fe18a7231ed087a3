import type { schemas } from 'payos-contract';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { mutate } from '../core/mutate.ts';
import { newId } from '../core/random.ts';

const insertOrganization = statement(
  'organizations.insert',
  'INSERT INTO organizations (id, name) VALUES ($1, $2) RETURNING id, name, created_at',
);

type Row = { id: string; name: string; created_at: string };

/** Creates a merchant business: the tenant to which everything else belongs. */
export async function createOrganization(
  ctx: Context,
  name: string,
): Promise<schemas.Organization> {
  return mutate(
    ctx,
    {
      permission: 'operator:organizations',
      audit: (created) => ({
        action: 'organization.create',
        object: created.id,
        details: { name },
      }),
    },
    async (tx) => {
      const [row] = await tx.query<Row>(insertOrganization, [newId('organization'), name]);
      if (row === undefined) throw new Error('the organization was not inserted');
      return { object: 'organization' as const, ...row };
    },
  );
}
