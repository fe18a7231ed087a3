import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Complaint } from './complaint.ts';
import type { Surroundings } from './surroundings.ts';

type Where = Pick<Surroundings, 'env' | 'directory'>;

/** Keys and addresses that `npm start` leaves for trying things out; test mode only. */
type Quickstart = {
  api_url: string;
  vault_url: string;
  ca_file: string;
  secret_key: string;
  publishable_key: string;
};

/** The operator's Unix socket of the PayOS that keeps its data here. */
export function operatorSocket(where: Where): string {
  const given = where.env.PAYOS_OPERATOR_SOCKET;
  if (given !== undefined && given !== '') return resolve(where.directory, given);
  const folder = join(dataFolder(where), 'run');
  // A data folder with a long path does not fit into a socket's address; the socket is elsewhere.
  const elsewhere = readJson(join(folder, 'endpoints.json'))?.operator_socket;
  return typeof elsewhere === 'string' ? elsewhere : join(folder, 'operator.sock');
}

/** The same of the vault, whose keys the server knows nothing of. */
export function vaultSocket(where: Where): string {
  const given = where.env.PAYOS_VAULT_OPERATOR_SOCKET;
  if (given !== undefined && given !== '') return resolve(where.directory, given);
  return join(dataFolder(where), 'run', 'vault.sock');
}

/** @returns `undefined` when PayOS never ran with this data folder */
export function readQuickstart(where: Where): Quickstart | undefined {
  const file = quickstartFile(where);
  const content = readJson(file);
  if (content === undefined) return undefined;
  const member = (name: keyof Quickstart) => {
    const value = content[name];
    if (typeof value === 'string') return value;
    throw new Complaint(`${file} has no ${name}.`, ['fix: Stop PayOS and start it again.']);
  };
  return {
    api_url: member('api_url'),
    vault_url: member('vault_url'),
    ca_file: resolve(where.directory, member('ca_file')),
    secret_key: member('secret_key'),
    publishable_key: member('publishable_key'),
  };
}

/** Where `npm start` leaves the keys of test mode; the file need not be there. */
export function quickstartFile(where: Where): string {
  return join(dataFolder(where), 'quickstart.json');
}

function dataFolder({ env, directory }: Where): string {
  return resolve(directory, env.PAYOS_DATA_DIR || '.payos');
}

function readJson(file: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Complaint(`${file} cannot be read (${code}).`, [
      'fix: Run this as the user who started PayOS.',
    ]);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // A broken file and a file with something else in it mean the same here.
  }
  throw new Complaint(`${file} is damaged.`, ['fix: Stop PayOS and start it again.']);
}
