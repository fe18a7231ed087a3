import { sql } from 'kysely';
import { isId } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import {
  along,
  amongNext,
  anyOf,
  beginningWith,
  type Condition,
  forEach,
  inOrderOf,
  type Way,
} from '../core/ways.ts';
import { customersFound } from '../customers/index.ts';

/** Of what very many payments have in common, so many are found by each way. */
const matchesMax = 500;
/** Besides those, all of the next so many payments of the list. */
const nextMax = 1_000;

/**
 * In which ways payments are found by what somebody typed into the one search box. By names and
 * addresses of customers only for those who may see them: letter by letter, they could be guessed.
 */
export function waysOfSearch(scope: Scope, typed: string, seesCustomers: boolean): [Way, ...Way[]] {
  const words = typed.trim();
  const exact = byId(scope, words);
  if (exact !== undefined) return [exact];
  const referred = sql`reference IS NOT NULL
    AND lower(reference) COLLATE "C" LIKE ${beginningWith(words)}`;
  const byReference = inOrderOf(sql`lower(reference) COLLATE "C" DESC`, matchesMax, referred);
  if (/^[0-9]{4}$/.test(words)) return [along(sql`card ->> 'last4' = ${words}`), byReference];
  const ofCustomer = seesCustomers
    ? [forEach(customersFound(scope, words), sql`customer_id = source.id`)]
    : [];
  const lastWord = words
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.at(-1);
  if (lastWord === undefined) return [byReference, ...ofCustomer];
  const described = sql`description IS NOT NULL
    AND array_to_tsvector(search_words(organization_id || mode, description))
      @@ search_query(${`${scope.organization}${scope.mode}`}, ${words})`;
  // The search for letters is there because it is cheap, and decides for nearly all.
  const fits = sql`((${referred}) OR
    (strpos(lower(description), ${lastWord}) > 0 AND ${described}))`;
  return [amongNext(nextMax, fits), byReference, anyOf(matchesMax, described), ...ofCustomer];
}

/** What an id leads to; undefined for what is no id of anything about payments. */
function byId({ organization, mode }: Scope, id: string): Way | undefined {
  const own = sql`organization_id = ${organization}`;
  if (isId('payment', id)) return along(sql`id = ${id}`);
  if (isId('customer', id)) return along(sql`customer_id = ${id}`);
  if (isId('token', id)) return anyOf(matchesMax, sql`token_id = ${id}`);
  if (isId('attempt', id)) {
    return among(sql`SELECT payment_id AS id FROM attempts WHERE ${own} AND id = ${id}`);
  }
  if (isId('refund', id)) {
    return among(sql`SELECT payment_id AS id FROM refunds WHERE ${own} AND id = ${id}`);
  }
  if (isId('paymentMethod', id)) {
    const owner = sql`SELECT customer_id AS id FROM payment_methods WHERE ${own} AND id = ${id}`;
    return forEach(owner, sql`customer_id = source.id`, sql`payment_method_id = ${id}`);
  }
  if (isId('event', id)) {
    return aboutAny(own, sql`SELECT object_id FROM events WHERE ${own} AND id = ${id}`);
  }
  if (isId('request', id)) {
    const asked = sql`FROM api_requests WHERE ${own} AND mode = ${mode} AND id = ${id}`;
    return aboutAny(own, sql`SELECT object_id ${asked} UNION SELECT related_id ${asked}`);
  }
  return undefined;
}

const among = (ids: Condition) => forEach(ids, sql`id = source.id`);

/** Payments that are among these objects, or that a refund among them belongs to. */
function aboutAny(own: Condition, objects: Condition): Way {
  return among(sql`SELECT object_id AS id FROM (${objects}) named UNION
    SELECT payment_id FROM refunds WHERE ${own} AND id = ANY (ARRAY(${objects}))`);
}
