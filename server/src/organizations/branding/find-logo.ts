import { type Database, statement } from '../../core/db.ts';

const selectLogo = statement(
  'branding.logo',
  `SELECT logo, logo_type FROM organization_brandings
   WHERE organization_id = $1 AND logo_hash = $2`,
);

/** The logo of an organization, as long as it is this one. */
export async function findLogo(
  db: Database,
  organization: string,
  hash: string,
): Promise<{ logo: Buffer; logo_type: string } | undefined> {
  const [row] = await db.read<{ logo: Buffer; logo_type: string }>(selectLogo, [
    organization,
    hash,
  ]);
  return row;
}
