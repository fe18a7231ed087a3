import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Assessment } from 'payos-sdk';
import { Complaint } from '../complaint.ts';
import { readQuickstart } from '../data-folder.ts';
import { askOperator, askVault } from '../operator.ts';
import { idOf, queryOf } from '../parameters.ts';
import { toHtml, toMarkdown } from '../pci/document.ts';
import { shakeHands } from '../pci/handshake.ts';
import { describe, type Facts } from '../pci/sections.ts';
import { fetchScripts } from '../pci/served-scripts.ts';
import type { VaultFacts } from '../pci/vault-facts.ts';
import type { Surroundings } from '../surroundings.ts';

type Options = {
  days: string;
  organization?: string;
  json?: true;
  markdown?: true;
  html?: true;
  out?: string;
};

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

async function gather(around: Surroundings, { days, organization }: Options): Promise<Facts> {
  const path = `/operator/assessment${queryOf({ days, organization })}`;
  const assessment = await askOperator<Assessment>(around, 'GET', path);
  const ca = certificateAuthority(around);
  const urls = [assessment.urls.api, assessment.urls.vault];
  const tls = await Promise.all(urls.map((url) => shakeHands(url, ca)));
  const vault = await askVault<VaultFacts>(around, '/assessment', { days: Number(days) }).catch(
    (error: unknown) => {
      if (!(error instanceof Complaint)) throw error;
      around.output.remark(`Without the vault: ${error.message}`);
      return undefined;
    },
  );
  const scripts = await fetchScripts(assessment.urls, ca);
  return { assessment, tls, vault: vault && narrow(vault, organization), scripts };
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

function write(facts: Facts, { json, html }: Options): string {
  if (json === true) return `${JSON.stringify(facts, null, 2)}\n`;
  const report = describe(facts);
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
