import type { schemas } from 'payos-contract';
import { type SessionRow, sessionColumns, withStatus } from '../checkout/index.ts';
import type { ScopedContext } from '../core/context.ts';
import { run, statement } from '../core/db.ts';
import { logoPath } from '../organizations/index.ts';
import { visitorOf } from './visitor.ts';

type ViewRow = SessionRow & {
  name: string;
  accent: string | null;
  logo_hash: string | null;
  logo_type: string | null;
  support_url: string | null;
  support_email: string | null;
  cards: { id: string; card: schemas.CardDisplay }[];
};

/** Cards offered at most: the newest. */
const cardsMax = 10;

/** On the role that writes: what was paid a moment ago is paid. */
const selectView = statement(
  'checkout.view',
  `SELECT ${sessionColumns
    .split(',')
    .map((column) => `s.${column.trim()}`)
    .join(', ')},
     o.name, b.accent, b.logo_hash, b.logo_type, b.support_url, b.support_email,
     coalesce((SELECT json_agg(json_build_object('id', m.id, 'card', m.card) ORDER BY m.id DESC)
       FROM (SELECT id, card FROM payment_methods WHERE organization_id = s.organization_id
         AND mode = s.mode AND customer_id = s.customer_id AND deleted_at IS NULL
         ORDER BY id DESC LIMIT ${cardsMax}) m), '[]') AS cards
   FROM checkout_sessions s JOIN organizations o ON o.id = s.organization_id
     LEFT JOIN organization_brandings b ON b.organization_id = s.organization_id
   WHERE s.organization_id = $1 AND s.mode = $2 AND s.id = $3`,
);

/** What the page of the visitor's session shows. */
export async function viewSession(ctx: ScopedContext): Promise<schemas.CheckoutView> {
  const { organization, mode } = ctx.scope;
  const { id, isOpen, collectingSecret } = visitorOf(ctx);
  const [row] = await run<ViewRow>(ctx.db.write, selectView, [organization, mode, id]);
  if (row === undefined) throw new Error('a session vanished');
  const processing = row.status === 'open' && row.payment_id !== null;
  // Over in time, though the worker has not written it down yet.
  const status = row.status === 'open' && !isOpen && !processing ? 'expired' : row.status;
  const isPaid = status === 'complete';
  const canPay = status === 'open' && !processing;
  return {
    id,
    object: 'checkout_view',
    mode: row.mode,
    status,
    processing,
    try: row.tries,
    problem: row.problem,
    amount: row.amount,
    currency: row.currency,
    reference: row.reference,
    description: row.description,
    merchant: merchantOf(organization, row),
    saved_cards: canPay ? row.cards.map(toSavedCard) : [],
    collect_key: canPay ? collectingSecret : null,
    saved_card_code: row.saved_card_code,
    may_save: canPay && row.save_payment_method,
    return_url:
      isPaid || processing
        ? withStatus(row.return_url, isPaid ? 'succeeded' : 'processing', id)
        : null,
    cancel_url: withStatus(row.cancel_url, 'canceled', id),
    expires_at: row.expires_at,
  };
}

function merchantOf(organization: string, row: ViewRow): schemas.CheckoutView['merchant'] {
  const { name, accent, logo_hash: logo, support_url, support_email } = row;
  return {
    name,
    logo: logoPath(organization, logo),
    accent,
    support_url,
    support_email,
  };
}

function toSavedCard({ id, card }: ViewRow['cards'][number]) {
  const { bin: _bin, ...shown } = card;
  return { id, card: shown };
}
