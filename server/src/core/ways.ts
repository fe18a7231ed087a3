import { type RawBuilder, sql } from 'kysely';
import type { IdKind } from 'payos-contract';
import type { Scope } from './context.ts';
import { type Created, idBounds, timeMs } from './id-time.ts';
import type { PageQuery } from './page.ts';

export type Condition = RawBuilder<unknown>;

/** The list in which a way looks: its table, what holds for all of it, its order and length. */
type List = { table: Condition; always: Condition; end: Condition; order: Condition };

/** One way to find rows of a list, through an index of its own. */
export type Way = (list: List) => Condition;

const and = (conditions: readonly Condition[]) => sql.join([...conditions], sql` AND `);

/** By conditions, in the order of the list: for an index that ends with the id. */
export function along(...where: Condition[]): Way {
  return ({ table, always, end }) =>
    sql`SELECT * FROM ${table} WHERE ${and([always, ...where])} ${end}`;
}

/** The same once for each row of `source`, which the conditions call so. */
export function forEach(source: Condition, ...where: Condition[]): Way {
  return (list) =>
    sql`SELECT found.* FROM (${source}) source CROSS JOIN LATERAL (${along(...where)(list)}) found`;
}

/** The first that an index in another order leads to, `most` of them. */
export function inOrderOf(by: Condition, most: number, ...where: Condition[]): Way {
  return ({ table, always, end }) =>
    sql`SELECT * FROM (SELECT * FROM ${table} WHERE ${and([always, ...where])}
      ORDER BY ${by} LIMIT ${most}) found ${end}`;
}

/**
 * Any `most` that fulfil a condition: for an index without order, which is used alone, because
 * together with another PostgreSQL would read all of that one.
 */
export function anyOf(most: number, where: Condition): Way {
  return ({ table, always, end }) =>
    sql`SELECT * FROM (SELECT * FROM (SELECT * FROM ${table} WHERE ${where} OFFSET 0) apart
      WHERE ${always} LIMIT ${most}) found ${end}`;
}

/** Those that fulfil a condition among the next `most` of the list: for what is frequent. */
export function amongNext(most: number, where: Condition): Way {
  return ({ table, always, end, order }) =>
    sql`SELECT * FROM (SELECT * FROM ${table} WHERE ${always} ORDER BY id ${order} LIMIT ${most})
      next WHERE ${where} ${end}`;
}

type Options = {
  table: 'payments' | 'refunds' | 'customers' | 'api_requests';
  kind: IdKind;
  columns: Condition;
  scope: Scope;
  query: PageQuery & Created;
  /** Filters that hold for the whole list. */
  where: readonly Condition[];
  /** Rows found in one of these ways are in the list. */
  ways: readonly [Way, ...Way[]];
  /** One more than are answered. */
  count: number;
};

/**
 * The statement of a page of a list, newest first. Each way is gone by itself for a page of rows,
 * and the newest of all are taken: so each can use its own index, where with an OR between them
 * PostgreSQL would read the organization's whole list.
 */
export function pageOfWays<R>({ table, columns, ways, ...options }: Options): RawBuilder<R> {
  const { query, count } = options;
  const order = query.before === undefined ? sql`DESC` : sql`ASC`;
  const end = sql`ORDER BY id ${order} LIMIT ${count}`;
  const list: List = { table: sql.table(table), always: and(listed(options)), end, order };
  const branches = ways.map((way) => sql`(${way(list)})`);
  return sql<R>`SELECT DISTINCT ON (id) ${columns}
    FROM (${sql.join(branches, sql` UNION ALL `)}) found ${end}`;
}

/** What holds for the whole list: whose it is, the cursor, the span of time, and the filters. */
function listed({ kind, scope, query, where }: Omit<Options, 'table' | 'columns' | 'ways'>) {
  const { above, below } = idBounds(kind, query);
  return [
    sql`organization_id = ${scope.organization}`,
    sql`mode = ${scope.mode}`,
    ...(query.after === undefined ? [] : [sql`id < ${query.after}`]),
    ...(query.before === undefined ? [] : [sql`id > ${query.before}`]),
    ...(above === undefined ? [] : [sql`id > ${above}`]),
    ...(below === undefined ? [] : [sql`id < ${below}`]),
    ...createdWithin(query),
    ...where,
  ];
}

/** Conditions for a span of time, both ends excluded; times are what is shown: milliseconds. */
export function createdWithin({ created_after, created_before }: Created): Condition[] {
  const after = created_after === undefined ? undefined : timeMs(created_after) + 1;
  return [
    ...(after === undefined ? [] : [sql`created_at >= ${new Date(after).toISOString()}`]),
    ...(created_before === undefined
      ? []
      : [sql`created_at < ${new Date(timeMs(created_before)).toISOString()}`]),
  ];
}

/** A LIKE pattern for what begins with these words, in lower case. */
export function beginningWith(words: string): string {
  return `${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
}
