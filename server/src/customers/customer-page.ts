import { type RawBuilder, sql } from 'kysely';
import { isId, type schemas } from 'payos-contract';
import type { Scope } from '../core/context.ts';
import {
  along,
  anyOf,
  beginningWith,
  type Condition,
  inOrderOf,
  pageOfWays,
  type Way,
} from '../core/ways.ts';
import { type CustomerRow, customerColumns } from './customer.ts';

/** The statement of one page of customers. */
export function customerPage(
  scope: Scope,
  query: schemas.ListCustomers,
  count: number,
): RawBuilder<CustomerRow> {
  const { q, reference } = query;
  return pageOfWays<CustomerRow>({
    table: 'customers',
    kind: 'customer',
    columns: sql.raw(customerColumns),
    scope,
    query,
    where: reference === undefined ? [] : [sql`reference = ${reference}`],
    ways: q === undefined ? [along()] : waysOfSearch(scope, q.trim()),
    count,
  });
}

/** Of what very many customers have in common, so many are found. */
const matchesMax = 500;

function waysOfSearch(scope: Scope, words: string): [Way, ...Way[]] {
  if (isId('customer', words)) return [along(sql`id = ${words}`)];
  const named = nameHolds(scope, words);
  const [email, reference] = beginnings(words);
  return [
    inOrderOf(sql`lower(email) COLLATE "C"`, matchesMax, email),
    inOrderOf(sql`lower(reference) COLLATE "C"`, matchesMax, reference),
    ...(named === undefined ? [] : [anyOf(matchesMax, named)]),
  ];
}

/** So many customers at most are looked at by each field to find what belongs to them. */
const eachMax = 50;

/**
 * Ids of some customers whose email or reference begins with these words, or whose name has them:
 * for finding what belongs to them.
 */
export function customersFound(scope: Scope, words: string): Condition {
  const own = sql`organization_id = ${scope.organization} AND mode = ${scope.mode}`;
  const [email, reference] = beginnings(words);
  const named = nameHolds(scope, words);
  const branches = [
    sql`(SELECT id FROM customers WHERE ${own} AND ${email}
      ORDER BY lower(email) COLLATE "C" LIMIT ${eachMax})`,
    sql`(SELECT id FROM customers WHERE ${own} AND ${reference}
      ORDER BY lower(reference) COLLATE "C" LIMIT ${eachMax})`,
    ...(named === undefined
      ? []
      : [sql`(SELECT id FROM customers WHERE ${named} LIMIT ${eachMax})`]),
  ];
  return sql.join(branches, sql` UNION `);
}

function beginnings(words: string): [email: Condition, reference: Condition] {
  const pattern = beginningWith(words);
  return [
    sql`email IS NOT NULL AND lower(email) COLLATE "C" LIKE ${pattern}`,
    sql`reference IS NOT NULL AND lower(reference) COLLATE "C" LIKE ${pattern}`,
  ];
}

/** The words of the name, each of them whole but the last. The index says whose they are. */
function nameHolds({ organization, mode }: Scope, words: string): Condition | undefined {
  if (!/[\p{L}\p{N}]/u.test(words)) return undefined;
  return sql`name IS NOT NULL
    AND array_to_tsvector(search_words(organization_id || mode, name))
      @@ search_query(${`${organization}${mode}`}, ${words})`;
}
