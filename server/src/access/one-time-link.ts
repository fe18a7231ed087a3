import { type Database, run, statement } from '../core/db.ts';
import { ApiError } from '../core/errors.ts';
import type { Tx } from '../core/mutate.ts';
import { hashToken, newToken } from './token.ts';

type LinkKind = 'setup' | 'password_reset' | 'email_change';

/** What a link is for. */
type OneTimeLink = {
  account_id: string | null;
  organization_id: string | null;
  email: string | null;
};

const voidLinks = statement(
  'links.void',
  `UPDATE one_time_links SET used_at = now()
   WHERE kind = $1 AND account_id IS NOT DISTINCT FROM $2::public_id
     AND organization_id IS NOT DISTINCT FROM $3::public_id AND used_at IS NULL`,
);
const voidAll = statement(
  'links.void_all',
  'UPDATE one_time_links SET used_at = now() WHERE account_id = $1 AND used_at IS NULL',
);
const insertLink = statement(
  'links.insert',
  `INSERT INTO one_time_links (token_hash, kind, account_id, organization_id, email, expires_at)
   VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 minute')`,
);
const columns = 'account_id, organization_id, email';
const takeLink = statement(
  'links.take',
  `UPDATE one_time_links SET used_at = now()
   WHERE token_hash = $1 AND kind = $2 AND used_at IS NULL AND expires_at > now()
   RETURNING ${columns}`,
);
const findLink = statement(
  'links.find',
  `SELECT ${columns} FROM one_time_links
   WHERE token_hash = $1 AND kind = $2 AND used_at IS NULL AND expires_at > now()`,
);

type NewLink = {
  kind: LinkKind;
  account?: string;
  organization?: string;
  email?: string;
  minutes: number;
};

/** Makes a link that works once, and voids those before it. @returns its token */
export async function createLink(tx: Tx, link: NewLink): Promise<string> {
  const { kind, account = null, organization = null, email = null, minutes } = link;
  const { plain, hash } = newToken();
  await tx.query(voidLinks, [kind, account, organization]);
  await tx.query(insertLink, [hash, kind, account, organization, email, minutes]);
  return plain;
}

/** Voids every link of a person: what was sent before must not undo what they do now. */
export async function voidLinksOf(tx: Tx, account: string): Promise<void> {
  await tx.query(voidAll, [account]);
}

/**
 * Uses a link up: of two who come at once, one gets it.
 *
 * @throws ApiError `link_invalid`, the same for unknown, used, void and expired ones
 */
export async function spendLink(tx: Tx, kind: LinkKind, token: string): Promise<OneTimeLink> {
  const [link] = await tx.query<OneTimeLink>(takeLink, [hashToken(token), kind]);
  if (link === undefined) throw new ApiError('link_invalid');
  return link;
}

/** Looks at a link without using it. @throws ApiError `link_invalid` */
export async function readLink(db: Database, kind: LinkKind, token: string): Promise<OneTimeLink> {
  const [link] = await run<OneTimeLink>(db.write, findLink, [hashToken(token), kind]);
  if (link === undefined) throw new ApiError('link_invalid');
  return link;
}
