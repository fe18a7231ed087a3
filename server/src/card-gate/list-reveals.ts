import type { schemas } from 'payos-contract';
import type { ScopedContext } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { fieldError } from '../core/errors.ts';
import { type PageOf, requireOneCursor, toPage } from '../core/page.ts';
import { type RevealRow, revealColumns, toReveal } from './reveal-row.ts';

const ofMode = `SELECT ${revealColumns} FROM reveals WHERE organization_id = $1 AND mode = $2`;
const place = `SELECT p.created_at, p.id FROM reveals p
  WHERE p.organization_id = $1 AND p.mode = $2 AND p.id = $4`;

/** Their ids are chance, made by the vault: the order is that of the times. */
const selectFirst = statement(
  'reveals.first',
  `${ofMode} ORDER BY created_at DESC, id DESC LIMIT $3`,
);
const selectAfter = statement(
  'reveals.after',
  `${ofMode} AND (created_at, id) < (${place}) ORDER BY created_at DESC, id DESC LIMIT $3`,
);
const selectBefore = statement(
  'reveals.before',
  `${ofMode} AND (created_at, id) > (${place}) ORDER BY created_at, id LIMIT $3`,
);
const selectPlace = statement(
  'reveals.place',
  'SELECT 1 AS found FROM reveals WHERE organization_id = $1 AND mode = $2 AND id = $3',
);

/**
 * The cards that were handed out in this mode, newest first.
 *
 * @throws ApiError `invalid_request` when the cursor is not a reveal of this list
 */
export async function listReveals(
  { db, scope: { organization, mode } }: ScopedContext,
  query: schemas.ListReveals,
): Promise<PageOf<schemas.Reveal>> {
  requireOneCursor(query);
  const { limit = 20, after, before } = query;
  const cursor = after ?? before;
  const select = before !== undefined ? selectBefore : after ? selectAfter : selectFirst;
  if (cursor !== undefined) {
    const known = await db.read(selectPlace, [organization, mode, cursor]);
    if (known.length === 0) throw unknownCursor(after === undefined ? 'before' : 'after');
  }
  const values = [organization, mode, limit + 1, ...(cursor === undefined ? [] : [cursor])];
  const page = toPage(await db.read<RevealRow>(select, values), limit, before !== undefined);
  return { ...page, data: page.data.map(toReveal) };
}

function unknownCursor(name: 'after' | 'before') {
  const message = `There is no reveal with the id given as \`${name}\`.`;
  return fieldError(`/${name}`, 'unknown', message, 'Send the id of a reveal of this list.');
}
