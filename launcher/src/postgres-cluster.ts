import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { locateBinaries, postgresMajor } from './postgres-binaries.ts';
import { explainOutput, explainSpawnError, ownName, spawnProgram } from './postgres-program.ts';
import { Refusal } from './refusal.ts';
import { databaseIdentity, type Identity } from './unprivileged.ts';

/** Where the data directory lies inside the folder that is given to PostgreSQL. */
export function dataDirectory(directory: string): string {
  return join(directory, 'data');
}

/** Whether a cluster has been created in `directory`. */
export function clusterExists(directory: string): boolean {
  return existsSync(join(dataDirectory(directory), 'PG_VERSION'));
}

/**
 * Creates the cluster unless it exists. An interrupted creation leaves nothing that looks finished:
 * it happens under another name, which is taken away or started over.
 *
 * @throws Refusal for a data directory of another major version, or one we do not understand
 */
export async function ensureCluster(directory: string, password: string): Promise<void> {
  const data = dataDirectory(directory);
  if (clusterExists(directory)) return checkVersion(data);
  if (existsSync(data)) {
    if (readdirSync(data).length > 0) {
      throw new Refusal(`${data} is not a PostgreSQL data directory. Move it away.`);
    }
    rmdirSync(data);
  }
  for (const name of readdirSync(directory)) {
    if (name.startsWith('data.new'))
      rmSync(join(directory, name), { recursive: true, force: true, maxRetries: 5 });
  }
  // A name of its own: an initdb that outlived its launcher may still be writing into the last one.
  const half = mkdtempSync(join(directory, 'data.new.'));
  const identity = databaseIdentity(half);
  if (identity !== undefined) chownSync(half, identity.uid, identity.gid);
  await initialize(half, password, identity);
  renameSync(half, data);
}

function checkVersion(data: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (found === postgresMajor) return;
  throw new Refusal(
    `${data} was made by PostgreSQL ${found}, this is PostgreSQL ${postgresMajor}. ` +
      'Start the PayOS version that made it, or choose another PAYOS_DATA_DIR.',
  );
}

async function initialize(half: string, password: string, identity: Identity | undefined) {
  const { initdb } = locateBinaries(identity);
  const passwordFile = `${half}.password`;
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (identity !== undefined) chownSync(passwordFile, identity.uid, identity.gid);
  const input = openSync(passwordFile, 'r');
  try {
    const parameters = [
      `--pgdata=${ownName(half, identity)}`,
      '--username=postgres',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--auth=scram-sha-256',
      '--pwfile=/dev/stdin',
      '--data-checksums',
      '--no-instructions',
    ];
    const child = spawnProgram(initdb, parameters, half, identity, [input, 'pipe', 'pipe']);
    const said = Promise.all([child.stdout, child.stderr].map((from) => (from ? text(from) : '')));
    const [code] = await once(child, 'exit').catch((error) => {
      throw explainSpawnError(error);
    });
    if (code !== 0) throw explainOutput((await said).join('\n'));
  } finally {
    closeSync(input);
    rmSync(passwordFile, { force: true });
  }
}
