import { readBinsFile } from './cards/read-bins.ts';

/*
 * `npx node vault/src/check-bins.ts FILE` reads a file of BIN data as the vault would at its start,
 * and says what is wrong with it. Ends with 1 if anything is.
 */

const [path] = process.argv.slice(2);
const { ranges, mistakes } =
  path === undefined ? { ranges: [], mistakes: ['name the file'] } : readBinsFile(path);
for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
if (mistakes.length === 0) process.stdout.write(`${ranges.length} ranges, no mistakes\n`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
