import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { dumpSchema } from './dump-schema.ts';
import { generatedFiles } from './generated-files.ts';
import {
  type Cluster,
  cloneDatabases,
  type Databases,
  databaseUrl,
  dropDatabases,
  releaseCluster,
  useCluster,
} from './harness/cluster.ts';
import { root } from './program.ts';

let cluster: Cluster;
let databases: Databases;
before(async () => {
  cluster = await useCluster();
  databases = await cloneDatabases(cluster);
});
after(async () => {
  if (databases !== undefined) await dropDatabases(cluster, databases);
  await releaseCluster();
});

test('every committed file is what would be generated now', async () => {
  for (const [path, content] of Object.entries(await generatedFiles(cluster))) {
    const committed = readFileSync(join(root, path), 'utf8');
    if (committed !== content) assert.fail(`${path} is out of date: npm run generate`);
  }
});

describe('the dump of a schema', () => {
  const changes = [
    'ALTER TABLE customers ADD COLUMN extra text',
    'ALTER TABLE customers ALTER COLUMN extra SET NOT NULL',
    "ALTER TABLE customers ALTER COLUMN extra SET DEFAULT 'x'",
    "ALTER TABLE customers ADD CONSTRAINT extra_check CHECK (extra <> '')",
    'CREATE INDEX customers_extra ON customers (extra)',
    'GRANT DELETE ON customers TO payos_app',
    'GRANT UPDATE (permissions) ON api_keys TO payos_read',
    'DROP TRIGGER audit_log_insert_only ON audit_log',
    'DROP FUNCTION refuse_change',
    'ALTER DOMAIN minor_units ADD CHECK (VALUE <> 7)',
    "COMMENT ON TABLE customers IS 'those who pay'",
  ];

  test('changes with everything that a schema is', async () => {
    const url = databaseUrl(cluster, 'postgres', databases.control);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let before = await dumpSchema(url, 'payos_owner');
      for (const change of changes) {
        await client.query(change);
        const now = await dumpSchema(url, 'payos_owner');
        assert.notEqual(now, before, change);
        before = now;
      }
    } finally {
      await client.end();
    }
  });
});
