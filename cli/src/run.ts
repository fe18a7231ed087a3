import { CommanderError } from 'commander';
import { toComplaint } from './complaint.ts';
import { createProgram } from './program.ts';
import type { Surroundings } from './surroundings.ts';

const misused = 2;

/** Runs one command. @returns the exit code: 0 done, 2 misused, else what the complaint says */
export async function runCli(parameters: readonly string[], around: Surroundings): Promise<number> {
  try {
    await createProgram(around).parseAsync(parameters, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : misused;
    const complaint = toComplaint(error);
    if (complaint === undefined) throw error;
    around.output.remark(`error: ${complaint.message}`);
    for (const line of complaint.lines) around.output.remark(`  ${line}`);
    return complaint.exitCode;
  }
}
