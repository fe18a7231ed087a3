import pg from 'pg';

type Row = Record<string, string>;

const relations = `
  SELECT c.oid, c.relname AS name, obj_description(c.oid, 'pg_class') AS comment
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname COLLATE "C"`;
const columns = `
  SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    CASE WHEN a.attcollation <> t.typcollation
      THEN (SELECT collname FROM pg_collation WHERE oid = a.attcollation) END AS collation,
    a.attnotnull AS required, a.attidentity AS identity,
    pg_get_expr(d.adbin, d.adrelid) AS fallback, col_description(a.attrelid, a.attnum) AS comment,
    CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage::text WHEN 'p' THEN 'PLAIN'
      WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
// Not-null constraints are told with their columns.
const constraints = `
  SELECT conname AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE conrelid = $1 AND contype <> 'n' ORDER BY conname COLLATE "C"`;
const indexes = `
  SELECT pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE i.indrelid = $1
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
      AND k.conrelid = $1)
  ORDER BY c.relname COLLATE "C"`;
const triggers = `
  SELECT pg_get_triggerdef(oid) AS definition
  FROM pg_trigger WHERE tgrelid = $1 AND NOT tgisinternal ORDER BY tgname COLLATE "C"`;
const grants = `
  SELECT grantee, '' AS columns, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS rights
  FROM information_schema.role_table_grants
  WHERE table_schema = 'public' AND table_name = $2 AND grantee <> $3 GROUP BY grantee
  UNION ALL
  SELECT p.grantee, string_agg(p.column_name, ', ' ORDER BY p.column_name COLLATE "C"),
    p.privilege_type
  FROM information_schema.role_column_grants p
  WHERE p.table_schema = 'public' AND p.table_name = $2 AND p.grantee <> $3
    AND NOT EXISTS (SELECT FROM information_schema.role_table_grants t
      WHERE t.table_schema = 'public' AND t.table_name = $2 AND t.grantee = p.grantee
        AND t.privilege_type = p.privilege_type)
    AND $1::oid IS NOT NULL
  GROUP BY p.grantee, p.privilege_type ORDER BY 1, 2, 3`;
const domains = `
  SELECT t.typname AS name, format_type(t.typbasetype, t.typtypmod) AS type,
    (SELECT collname FROM pg_collation WHERE oid = t.typcollation) AS collation,
    coalesce((SELECT string_agg(' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
      FROM pg_constraint k WHERE k.contypid = t.oid), '') AS checks
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname = 'public' AND t.typtype = 'd' ORDER BY t.typname COLLATE "C"`;
const functions = `
  SELECT pg_get_functiondef(p.oid) AS definition
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = 'public' ORDER BY p.proname COLLATE "C"`;

const header = `-- The sum of the migrations beside it, written by \`npm run generate\`.
-- For reading and for review, never executed.
`;

/** The schema of a migrated database as text, the same for the same schema on any machine. */
export async function dumpSchema(url: string, owner: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const ask = async (text: string, values: unknown[] = []) =>
    (await client.query<Row>(text, values)).rows;
  try {
    const parts = [header];
    for (const row of await ask(domains)) {
      const collation = row['collation'] === 'C' ? ' COLLATE "C"' : '';
      parts.push(`CREATE DOMAIN ${row['name']} AS ${row['type']}${collation}${row['checks']};\n`);
    }
    for (const { definition } of await ask(functions)) {
      parts.push(`${definition?.trimEnd().replaceAll(/ +$/gm, '')};\n`);
    }
    for (const table of await ask(relations)) {
      parts.push(await dumpTable(table, owner, ask));
    }
    return parts.join('\n');
  } finally {
    await client.end();
  }
}

async function dumpTable(
  { oid, name, comment }: Row,
  owner: string,
  ask: (text: string, values: unknown[]) => Promise<Row[]>,
): Promise<string> {
  const lines = (await ask(columns, [oid])).map(columnLine);
  for (const one of await ask(constraints, [oid])) {
    lines.push(`  CONSTRAINT ${one['name']} ${one['definition']}`);
  }
  const after: string[] = [];
  for (const one of await ask(indexes, [oid])) after.push(`${one['definition']};`);
  for (const one of await ask(triggers, [oid])) after.push(`${one['definition']};`);
  for (const one of await ask(grants, [oid, name, owner])) {
    const columnList = one['columns'] === '' ? '' : ` (${one['columns']})`;
    after.push(`GRANT ${one['rights']}${columnList} ON ${name} TO ${one['grantee']};`);
  }
  const intro = comment === null ? '' : `-- ${comment}\n`;
  return `${intro}CREATE TABLE ${name} (\n${lines.join(',\n')}\n);\n${after.join('\n')}\n`;
}

function columnLine(row: Row): string {
  const { name, type, collation, required, identity, fallback, comment, storage } = row;
  const parts = [
    `  ${name} ${type}`,
    ...(collation ? [`COLLATE "${collation}"`] : []),
    ...(storage ? [`STORAGE ${storage}`] : []),
    ...(required ? ['NOT NULL'] : []),
    ...(identity === 'a' ? ['GENERATED ALWAYS AS IDENTITY'] : []),
    ...(fallback ? [`DEFAULT ${fallback}`] : []),
  ];
  const text = parts.join(' ');
  return comment ? `  -- ${comment}\n${text}` : text;
}
