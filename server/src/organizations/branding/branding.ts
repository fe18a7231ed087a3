import { createHash } from 'node:crypto';
import { schemas } from 'payos-contract';
import type { ScopedContext } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import { ApiError } from '../../core/errors.ts';
import { mutate } from '../../core/mutate.ts';
import { pictureType } from './picture-type.ts';

const columns = 'o.name, b.accent, b.logo_hash, b.support_url, b.support_email';
const selectBranding = statement(
  'branding.get',
  `SELECT ${columns} FROM organizations o
     LEFT JOIN organization_brandings b ON b.organization_id = o.id WHERE o.id = $1`,
);
/** `$2`, `$4`, `$8` and `$10` say whether the values after them are meant. */
const upsert = statement(
  'branding.update',
  `WITH b AS (
     INSERT INTO organization_brandings AS b
       (organization_id, accent, logo, logo_type, logo_hash, support_url, support_email)
     VALUES ($1, $3, $5, $6, $7, $9, $11)
     ON CONFLICT (organization_id) DO UPDATE SET
       accent = CASE WHEN $2 THEN $3 ELSE b.accent END,
       logo = CASE WHEN $4 THEN $5 ELSE b.logo END,
       logo_type = CASE WHEN $4 THEN $6 ELSE b.logo_type END,
       logo_hash = CASE WHEN $4 THEN $7 ELSE b.logo_hash END,
       support_url = CASE WHEN $8 THEN $9 ELSE b.support_url END,
       support_email = CASE WHEN $10 THEN $11 ELSE b.support_email END,
       updated_at = now()
     RETURNING *)
   SELECT ${columns} FROM organizations o JOIN b ON b.organization_id = o.id`,
);

type Row = {
  name: string;
  accent: string | null;
  logo_hash: string | null;
  support_url: string | null;
  support_email: string | null;
};

/** Where a logo is found; its name follows from its bytes. */
export function logoPath(organization: string, hash: string | null): string | null {
  return hash === null ? null : `/checkout/logos/${organization}/${hash}`;
}

function toBranding(organization: string, row: Row): schemas.Branding {
  const { logo_hash, ...rest } = row;
  return { object: 'branding', ...rest, logo: logoPath(organization, logo_hash) };
}

/** How the organization one is working in looks to those who pay it. */
export async function getBranding(ctx: ScopedContext): Promise<schemas.Branding> {
  const { organization } = ctx.scope;
  const [row] = await ctx.db.read<Row>(selectBranding, [organization]);
  if (row === undefined) throw new ApiError('not_found');
  return toBranding(organization, row);
}

/**
 * Changes what is named, and nothing else; null takes it away.
 *
 * @throws ApiError `logo_refused`
 */
export async function updateBranding(
  ctx: ScopedContext,
  input: schemas.UpdateBranding,
): Promise<schemas.Branding> {
  const { organization } = ctx.scope;
  const logo = readLogo(input.logo);
  const { accent, support_url: url, support_email: email } = input;
  const audit = () => ({
    action: 'organization.change_branding',
    object: organization,
    details: { ...input, ...(input.logo !== undefined && { logo: logo?.hash ?? null }) },
  });
  return mutate(ctx, { permission: 'organization:write', wide: true, audit }, async (tx) => {
    const [row] = await tx.query<Row>(upsert, [
      ...[organization, accent !== undefined, accent ?? null],
      ...[input.logo !== undefined, logo?.bytes ?? null, logo?.type ?? null, logo?.hash ?? null],
      ...[url !== undefined, url ?? null, email !== undefined, email ?? null],
    ]);
    if (row === undefined) throw new ApiError('not_found');
    return toBranding(organization, row);
  });
}

type Logo = { bytes: Buffer; type: schemas.LogoType; hash: string };

function readLogo(text: string | null | undefined): Logo | undefined {
  if (text === null || text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const type = pictureType(bytes);
  if (type === undefined || bytes.length > schemas.logoBytesMax) {
    throw new ApiError('logo_refused', { param: 'logo' });
  }
  return { bytes, type, hash: createHash('sha256').update(bytes).digest('hex') };
}
