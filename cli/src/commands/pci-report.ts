import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Assessment } from 'payos-sdk';
import { nowMs } from '../clock.ts';
import { Complaint } from '../complaint.ts';
import { readQuickstart } from '../data-folder.ts';
import { askOperator, askVault, NotRunning } from '../operator.ts';
import { idOf, queryOf } from '../parameters.ts';
import { toHtml, toMarkdown } from '../pci/document.ts';
import { shakeHands } from '../pci/handshake.ts';
import { describe, type Facts } from '../pci/sections.ts';
import { fetchScripts } from '../pci/served-scripts.ts';
import { describeVault, type VaultFacts, type VaultOnly } from '../pci/vault-facts.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = {
  days: string;
  organization?: string;
  json?: true;
  markdown?: true;
  html?: true;
  out?: string;
};

const dayMs = 86_400_000;

/** `payos pci report`: the current facts, for whoever assesses the operator. */
export function pciReport(pci: Command, around: Surroundings): void {
  pci
    .command('report')
    .description('Write down the current facts that a PCI DSS assessor asks about')
    .option('--days <n>', 'how far "used" looks back', '90')
    .option('--organization <id>', 'only this one', idOf('org'))
    .addOption(new Option('--json', 'print JSON').conflicts(['markdown', 'html']))
    .addOption(new Option('--markdown', 'print Markdown (so it is without any)').conflicts('html'))
    .option('--html', 'print one HTML file')
    .option('--out <file>', 'write it there, for its owner only')
    .action(async (options: Options) => {
      const facts = await gather(around, options);
      const text = write(facts, options);
      if (options.out === undefined) return print(around, text);
      const file = resolve(around.directory, options.out);
      save(file, text);
      around.output.remark(`The report is in ${file}.`);
    });
}

/** @throws Complaint where neither server nor vault is on this machine. */
async function gather(around: Surroundings, options: Options): Promise<Facts | VaultOnly> {
  try {
    return await gatherAll(around, options);
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    const now = nowMs();
    const vault = await vaultFacts(around, options).catch((other: unknown) => {
      throw other instanceof NotRunning ? error : other;
    });
    around.output.remark('Of the vault alone: run this where the server runs as well.');
    const since = new Date(now - Number(options.days) * dayMs).toISOString();
    return { at: new Date(now).toISOString(), since, vault };
  }
}

/** What the machine of the server knows, and of the vault, if it is here, too. */
async function gatherAll(around: Surroundings, options: Options): Promise<Facts> {
  const { days, organization } = options;
  const path = `/operator/assessment${queryOf({ days, organization })}`;
  const assessment = await askOperator<Assessment>(around, 'GET', path);
  const ca = certificateAuthority(around);
  const urls = [assessment.urls.api, assessment.urls.vault];
  const tls = await Promise.all(urls.map((url) => shakeHands(url, ca)));
  const vault = await vaultFacts(around, options).catch((error: unknown) => {
    if (!(error instanceof Complaint)) throw error;
    around.output.remark(`Without the vault: ${error.message}`);
    return undefined;
  });
  const scripts = await fetchScripts(assessment.urls, ca);
  return { assessment, tls, vault, scripts };
}

async function vaultFacts(around: Surroundings, options: Options): Promise<VaultFacts> {
  const { days, organization } = options;
  const facts = await askVault<VaultFacts>(around, '/assessment', { days: Number(days) });
  return narrow(facts, organization);
}

function print({ output }: Surroundings, text: string): void {
  for (const line of text.trimEnd().split('\n')) output.line(line);
}

/** Of the vault's facts those of one organization, where one is asked about. */
function narrow(vault: VaultFacts, only: string | undefined): VaultFacts {
  if (only === undefined) return vault;
  const own = <T extends { organization: string }>(rows: T[]) =>
    rows.filter(({ organization }) => organization === only);
  const { keys, tokens, forwards } = vault;
  return { ...vault, keys: own(keys), tokens: own(tokens), forwards: own(forwards) };
}

/** The local CA, where `npm start` made one. */
function certificateAuthority(around: Surroundings): string | undefined {
  const file = readQuickstart(around)?.ca_file;
  try {
    return file === undefined ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function write(facts: Facts | VaultOnly, { json, html }: Options): string {
  if (json === true) return `${JSON.stringify(facts, null, 2)}\n`;
  const report = 'assessment' in facts ? describe(facts) : describeVault(facts);
  return html === true ? toHtml(report) : toMarkdown(report);
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error ? String(Reflect.get(error, 'code')) : 'unknown';
    if (code === 'EEXIST') {
      throw new Complaint(`${file} is there already.`, ['fix: Name another file with --out.']);
    }
    throw new Complaint(`${file} cannot be written (${code}).`);
  }
}
