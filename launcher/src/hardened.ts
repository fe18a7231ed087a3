/** Of Node, for a process that holds card data: no signal opens a debugger. */
export const vaultFlags = ['--disable-sigusr1'] as const;

/**
 * The command that runs Node without core dumps: memory has no place on the disk. Node cannot set
 * limits, so that a shell does it, and becomes Node.
 *
 * @param parameters flags, script and what it is given
 */
export function withoutCoreDumps(parameters: readonly string[]): { file: string; args: string[] } {
  const script = 'ulimit -c 0; exec "$@"';
  return { file: '/bin/sh', args: ['-c', script, 'payos', process.execPath, ...parameters] };
}
