import { randomBytes } from 'node:crypto';
import type { CompiledQuery } from 'kysely';
import { encodeBase58, type IdKind, idPrefixes } from 'payos-contract';
import pg from 'pg';
import { openDatabase } from '../../server/src/core/db.ts';
import { createLog } from '../../server/src/core/log.ts';
import {
  cloneDatabases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from './cluster.ts';

/** What PostgreSQL did for a statement. */
type Plan = {
  rows: number;
  /** Pages it looked at, 8 KiB each: the measure of work that does not depend on the machine. */
  pages: number;
  milliseconds: number;
  /** Names of the indexes it used, and `Seq Scan of …` where it used none. */
  ways: string[];
};

type Node = {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Node[];
};

/** A database of its own to fill with many rows, and to look into the plans of statements. */
export async function openPlans() {
  const cluster = await useCluster();
  const databases = await cloneDatabases(cluster);
  const url = (role: 'postgres' | 'payos_app' | 'payos_read') =>
    databaseUrl(cluster, role, databases.control);
  const client = new pg.Client({ connectionString: url('postgres') });
  await client.connect();
  const db = openDatabase({
    writeUrl: url('payos_app'),
    readUrl: url('payos_read'),
    pool: 2,
    name: 'plans',
    log: createLog('error', 'plans'),
    indexesOnly: false,
  });
  return {
    client,
    db,
    /** Runs a statement as the server would, and tells how. */
    explain: async ({ sql, parameters }: CompiledQuery): Promise<Plan> => {
      const text = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`;
      const { rows } = await client.query(text, [...parameters]);
      const [found] = rows[0]['QUERY PLAN'] as [{ Plan: Node; 'Execution Time': number }];
      const { Plan: top } = found;
      return {
        rows: top['Actual Rows'],
        pages: top['Shared Hit Blocks'] + top['Shared Read Blocks'],
        milliseconds: found['Execution Time'],
        ways: [...new Set(waysOf(top))],
      };
    },
    /** Fills a table faster: its indexes are made anew when it is full. */
    fill: async (table: string, fill: () => Promise<unknown>) => {
      const { rows } = await client.query(
        `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
         FROM pg_index WHERE indrelid = $1::regclass AND NOT indisunique`,
        [table],
      );
      await client.query("SET maintenance_work_mem = '256MB'");
      for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
      await fill();
      for (const { definition } of rows) await client.query(definition);
    },
    stop: async () => {
      await db.close();
      await client.end();
      await dropDatabases(cluster, databases);
      await releaseCluster();
    },
  };
}

/** Ids as they come to be over some days until now, in the order of time. */
export function idsOver(days: number, kind: IdKind, count: number): string[] {
  const bytes = randomBytes(16);
  const beginning = Date.now() - days * 86_400_000;
  return Array.from({ length: count }, (_, index) => {
    bytes.writeUIntBE(Math.floor(beginning + (index * days * 86_400_000) / count), 0, 6);
    bytes.writeUInt32BE(index, 6);
    return `${idPrefixes[kind]}_${encodeBase58(bytes)}`;
  });
}

export type Plans = Awaited<ReturnType<typeof openPlans>>;

function waysOf(node: Node): string[] {
  const index = node['Index Name'];
  const relation = node['Relation Name'];
  const whole = node['Node Type'].endsWith('Seq Scan') ? [`Seq Scan of ${relation}`] : [];
  const own = index === undefined ? whole : [index];
  return [...own, ...(node.Plans ?? []).flatMap(waysOf)];
}
