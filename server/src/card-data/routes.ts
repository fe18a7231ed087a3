import { schemas } from 'payos-contract';
import type { OnCardData } from '../core/card-data.ts';
import type { Database } from '../core/db.ts';
import { statement } from '../core/db.ts';
import { globalRoute, type Route } from '../core/http/route.ts';

const selectKind = statement(
  'card_data.key_kind',
  'SELECT kind FROM api_keys WHERE organization_id = $1 AND mode = $2 AND id = $3',
);

/** Where the vault tells what its own net found. */
export function cardDataRoutes({ tell }: { tell: OnCardData }): Route[] {
  return [
    globalRoute('internal', {
      method: 'POST',
      permission: 'system',
      tag: 'Internal',
      path: '/internal/card-data-found',
      summary: 'A card number was on its way out of the vault, or into its log',
      body: schemas.ReportCardData,
      response: { status: 200, schema: schemas.CardDataReported },
      handle: async (ctx, { body }) => {
        const { stream, place, count, request: requestId, organization, mode } = body;
        const scope =
          organization === undefined || mode === undefined ? undefined : { organization, mode };
        const isIncident = stream === 'answer' && (await isOfSecretKey(ctx.db, body));
        tell({ stream, place, count, requestId, scope, isIncident });
        return { accepted: true };
      },
    }),
  ];
}

/** What is answered to a page or to a visitor closes nothing. */
async function isOfSecretKey(
  db: Database,
  { organization, mode, key }: schemas.ReportCardData,
): Promise<boolean> {
  if (organization === undefined || mode === undefined || key === undefined) return false;
  const [row] = await db.read<{ kind: string }>(selectKind, [organization, mode, key]);
  return row?.kind === 'secret';
}
