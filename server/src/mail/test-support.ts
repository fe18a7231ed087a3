import pg from 'pg';
import { databaseUrl } from '../../../tools/harness/cluster.ts';
import {
  type Installation,
  type InstallationOptions,
  startInstallation,
} from '../../../tools/harness/installation.ts';
import { openDatabase } from '../core/db.ts';
import { createLog } from '../core/log.ts';
import { Sealer } from '../core/seal.ts';

/** A worker with its own mail server, and the handles with which a verb would write mails. */
export async function openPost(options: InstallationOptions = {}) {
  const sealingKey = Buffer.alloc(32, 7).toString('base64');
  const settings = { PAYOS_SEALING_KEY: sealingKey, ...options.settings };
  const payos = await startInstallation({ start: ['worker'], ...options, settings });
  const { cluster, databases } = payos;
  const db = openDatabase({
    writeUrl: databaseUrl(cluster, 'payos_app', databases.control),
    readUrl: databaseUrl(cluster, 'payos_read', databases.control),
    pool: 2,
    name: 'test',
    log: createLog('error', 'test'),
    indexesOnly: false,
  });
  return {
    ...payos,
    db,
    sealer: new Sealer(sealingKey),
    /** What the database keeps of the mails to this address. */
    rows: (to: string) => rowsOf(payos, to),
    stop: async () => {
      await db.close();
      await payos.stop();
    },
  };
}

export type Post = Awaited<ReturnType<typeof openPost>>;

async function rowsOf(payos: Installation, to: string): Promise<MailRow[]> {
  const url = databaseUrl(payos.cluster, 'postgres', payos.databases.control);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const text = `SELECT status, attempts, error, data_sealed IS NULL AS wiped,
      next_attempt_at > now() AS waits FROM mails WHERE recipient = $1`;
    return (await client.query<MailRow>(text, [to])).rows;
  } finally {
    await client.end();
  }
}

type MailRow = {
  status: string;
  attempts: number;
  error: string | null;
  wiped: boolean;
  waits: boolean;
};
