/**
 * How the embedded PostgreSQL runs. Given on its command line, so that a change here takes effect
 * at the next start whatever an older version wrote into the data directory.
 */
const postgresSettings: Readonly<Record<string, string>> = {
  // Only through a socket inside its own folder, which nobody else may enter.
  listen_addresses: '',
  unix_socket_directories: '.',
  unix_socket_permissions: '0700',
  port: '5432',
  password_encryption: 'scram-sha-256',
  cluster_name: 'payos',

  // What is acknowledged is on the disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',

  // No value of a query ever reaches the log: neither text, nor parameters, nor the rows that
  // error details quote.
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_duration_statement: '-1',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',

  // One small machine, without replicas.
  max_connections: '200',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  jit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
};

/** The same as command-line arguments. */
export function settingArguments(overrides: Readonly<Record<string, string>>): string[] {
  const merged = Object.entries({ ...postgresSettings, ...overrides });
  return merged.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
