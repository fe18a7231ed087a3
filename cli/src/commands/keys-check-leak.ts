import type { Command } from 'commander';
import { Complaint } from '../complaint.ts';
import { findKeys } from '../leaks/find-keys.ts';
import { stagedSources, trackedSources } from '../leaks/git.ts';
import { type Finding, lineOf, linesOf, type Report, sarifOf } from '../leaks/report.ts';
import { attempt, type Search, type Source, sourcesAt } from '../leaks/sources.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = {
  tracked?: true;
  staged?: true;
  publishable?: true;
  packages?: true;
  exclude: string[];
  json?: true;
  sarif?: true;
};

const leaked = 1;
const unfinished = 2;

/** `payos keys check-leak`: asks nobody, needs no server and no key. */
export function keysCheckLeak(keys: Command, around: Surroundings): void {
  const push = (value: string, all: string[]) => [...all, value];
  keys
    .command('check-leak')
    .description('Find keys and webhook secrets in files, without asking any server')
    .argument('[paths...]', 'files and folders; - is standard input')
    .option('--tracked', 'what git has checked in here')
    .option('--staged', 'what the next commit would add: for a pre-commit hook')
    .option('--publishable', 'publishable keys are leaks, too')
    .option('--packages', 'search node_modules, too')
    .option('--exclude <glob>', 'files or folders to leave out; may be repeated', push, [])
    .option('--json', 'print JSON')
    .option('--sarif', 'print SARIF, for code scanning services')
    .addHelpText('after', '\nExit codes: 0 nothing found, 1 found, 2 could not read everything.')
    .action(async (paths: string[], options: Options, command: Command) => {
      const wrong = misuse(paths, options);
      if (wrong !== undefined) command.error(`error: ${wrong}`);
      const report = await searchAll(around, paths, options);
      print(around, report, options);
      conclude(report);
    });
}

function misuse(paths: readonly string[], options: Options): string | undefined {
  const { tracked, staged, json, sarif } = options;
  if (tracked && staged) return '--tracked and --staged exclude each other.';
  if (json && sarif) return '--json and --sarif exclude each other.';
  const fromGit = tracked === true || staged === true;
  if (fromGit && paths.includes('-')) return 'standard input is not in git.';
  return fromGit || paths.length > 0 ? undefined : 'name files or folders, --tracked or --staged.';
}

async function searchAll(
  around: Surroundings,
  paths: readonly string[],
  { exclude, packages, publishable, ...options }: Options,
): Promise<Report> {
  const { directory } = around;
  const passed = { skipped: [], unread: [] };
  const search: Search = { directory, exclude, packages: packages === true, ...passed };
  const report: Report = { leaks: [], harmless: [], files_searched: 0, ...passed };
  const keep = (finding: Finding) => {
    const isMeantToBeSeen = finding.kind === 'publishable' && publishable !== true;
    const isLeak = finding.checksum !== 'wrong' && !isMeantToBeSeen;
    (isLeak ? report.leaks : report.harmless).push(finding);
  };
  for await (const { file, chunks } of sourcesOf(around, search, paths, options)) {
    await attempt(search, file, async () => {
      for await (const found of findKeys(chunks())) keep({ file, ...found });
      report.files_searched += 1;
    });
  }
  return report;
}

async function* sourcesOf(
  around: Surroundings,
  search: Search,
  paths: readonly string[],
  { tracked, staged }: Pick<Options, 'tracked' | 'staged'>,
): AsyncGenerator<Source> {
  if (tracked === true) return yield* trackedSources(around, search, paths);
  if (staged === true) return yield* stagedSources(around, search, paths);
  for (const path of paths) {
    if (path === '-') yield { file: '<stdin>', chunks: () => around.input };
    else yield* sourcesAt(search, path);
  }
}

function print({ output }: Surroundings, report: Report, { json, sarif }: Options): void {
  if (json === true) {
    output.json(report);
    return;
  }
  if (sarif === true) output.json(sarifOf(report));
  else for (const leak of report.leaks) output.line(lineOf(leak));
  for (const finding of report.harmless) {
    const why = finding.checksum === 'wrong' ? 'nobody has this key' : 'may be public';
    output.remark(`${why}: ${lineOf(finding)}`);
  }
  const files = report.files_searched === 1 ? 'file' : 'files';
  output.remark(`Searched ${report.files_searched} ${files}.`);
  for (const line of linesOf(report.skipped)) output.remark(`Skipped, ${line}`);
}

/** @throws Complaint unless all was read and nothing found */
function conclude({ leaks, unread }: Report): void {
  const notRead = linesOf(unread).map((line) => `could not read, ${line}`);
  if (leaks.length > 0) {
    const hasKey = leaks.some(({ kind }) => kind !== 'webhook_secret');
    const hasSecret = leaks.some(({ kind }) => kind === 'webhook_secret');
    throw new Complaint(
      `Found ${leaks.length}, where others can read ${leaks.length === 1 ? 'it' : 'them'}.`,
      [
        ...notRead,
        hasKey
          ? 'fix: Revoke each key: find its id with `payos keys list`, then ' +
            '`payos keys revoke key_… --reason leaked`.'
          : undefined,
        hasSecret
          ? 'fix: Make a new webhook endpoint with the same URL, use its secret, and delete the ' +
            'old endpoint.'
          : undefined,
        'Only then take it out of the file: its history and copies still have it.',
        'More: docs/leaked-keys.md',
      ],
      leaked,
    );
  }
  if (unread.length > 0) throw new Complaint('Not everything was read.', notRead, unfinished);
}
