import {
  parseReference,
  type SecretReference,
  type SecretSource,
  SettingRefused,
} from './secret-reference.ts';
import {
  type SettingName,
  type SettingSpec,
  type SettingsWith,
  settingsTable,
} from './settings.ts';
import { parseValue } from './settings-check.ts';

export * from './secret-reference.ts';
export * from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who may have access to a file: anybody, nobody but its readers' group, its owner alone. */
export type FileGuard = 'open' | 'secret' | 'owner only';

/** What settings are read with. The contract does no I/O: its caller does. */
export type SettingsInput = {
  /**
   * Reads a `NAME_FILE`.
   *
   * @returns its content, and what should be better about the file
   * @throws SettingRefused with why not
   */
  readFile(path: string, guard: FileGuard): { text: string; warning: string | undefined };
  readSecret: SecretSource;
};

export type SettingsResult<S> =
  | {
      ok: true;
      settings: S;
      /** The values that came from a secret service, as text. */
      fetched: ReadonlyMap<SettingName, string>;
      /** What works and should be better, a sentence each. */
      warnings: readonly string[];
    }
  | { ok: false; mistakes: string[] };

/**
 * Reads the settings a process uses, checks them all, and reports every mistake at once. No
 * message shows a value that is or may be a secret.
 *
 * @param env the environment, e.g. `process.env`
 * @param names what this process uses
 * @param required those among them without which it cannot start
 */
export async function readSettings<N extends SettingName, R extends N = never>(
  env: Environment,
  names: readonly N[],
  required: readonly R[],
  input: SettingsInput,
): Promise<SettingsResult<SettingsWith<N, R>>> {
  const found = await Promise.all(names.map((name) => findValue(env, name, input)));
  const mistakes = [...unknownNames(env), ...mistakesOf(found)];
  const settings: Record<string, unknown> = {};
  for (const { name, text, origin, mistake } of found) {
    const isMissing = text === undefined && mistake === undefined;
    if (isMissing && (required as readonly string[]).includes(name)) {
      mistakes.push(`${name} or ${name}_FILE is missing. ${settingsTable[name].help}`);
    }
    const isShown = origin === 'environment' && guardOf(settingsTable[name]) === 'open';
    settings[name] = text === undefined ? undefined : parseValue(name, text, isShown, mistakes);
  }
  const refused = found.filter(({ mistake }) => mistake !== undefined).map(({ name }) => name);
  checkMail(settings, names, refused, mistakes);
  if (mistakes.length > 0) return { ok: false, mistakes };
  return {
    ok: true,
    settings: Object.freeze(settings) as SettingsWith<N, R>,
    fetched: new Map(
      found.flatMap(({ name, text, origin }) =>
        origin === 'service' && text !== undefined ? [[name, text] as const] : [],
      ),
    ),
    warnings: found.flatMap(({ warning }) => warning ?? []),
  };
}

type Found = {
  name: SettingName;
  text?: string | undefined;
  origin?: 'environment' | 'file' | 'service';
  warning?: string | undefined;
  /** What is wrong, and the name of the variable that it is about. */
  mistake?: { about: string; what: string };
};

/** Looks into the variable, its file, and the service that either refers to. Never rejects. */
async function findValue(
  env: Environment,
  name: SettingName,
  { readFile, readSecret }: SettingsInput,
): Promise<Found> {
  const spec: SettingSpec = settingsTable[name];
  const fileName = `${name}_FILE`;
  const [direct = '', file = ''] = [env[name], env[fileName]];
  let about: string = name;
  try {
    if (direct !== '' && file !== '') {
      throw new SettingRefused(`${fileName} is set too. Set one of the two.`);
    }
    if (direct === '' && file === '') return { name, text: spec.fallback };
    about = file === '' ? name : fileName;
    const read = file === '' ? undefined : readFile(file, guardOf(spec));
    const text = read === undefined ? direct : cut(read.text);
    const warning = read?.warning && `${fileName}: ${read.warning}`;
    if (text === '') throw new SettingRefused('the file is empty.');
    const reference = parseReference(text);
    if (reference === undefined) {
      return { name, text, warning, origin: read === undefined ? 'environment' : 'file' };
    }
    const secret = await readReferred(reference, readSecret);
    return { name, text: secret, warning, origin: 'service' };
  } catch (error) {
    if (!(error instanceof SettingRefused)) throw error;
    return { name, mistake: { about, what: error.message } };
  }
}

async function readReferred(reference: SecretReference, readSecret: SecretSource) {
  const text = cut(await readSecret(reference));
  if (text === '') throw new SettingRefused(`${reference.text} is empty.`);
  return text;
}

/** Without the line break that editors and `echo` put at the end of a file. */
const cut = (text: string): string => text.replace(/\r?\n$/, '');

/** What several settings suffer from alike, an outage above all, is said once. */
function mistakesOf(found: readonly Found[]): string[] {
  const names = new Map<string, string[]>();
  for (const { mistake } of found) {
    if (mistake === undefined) continue;
    names.set(mistake.what, [...(names.get(mistake.what) ?? []), mistake.about]);
  }
  return [...names].map(([what, about]) => `${about.join(', ')}: ${what}`);
}

function guardOf(spec: SettingSpec): FileGuard {
  if (spec.ownerOnly) return 'owner only';
  return ['secret', 'database', 'private key'].includes(spec.kind) ? 'secret' : 'open';
}

/** What sends mail needs a sender; and a sender alone would promise mails that never leave. */
function checkMail(
  settings: Record<string, unknown>,
  names: readonly SettingName[],
  refused: readonly SettingName[],
  mistakes: string[],
): void {
  const pair = ['PAYOS_SMTP_URL', 'PAYOS_MAIL_FROM'] as const;
  const missing = pair.filter((name) => settings[name] === undefined);
  if (missing.length !== 1 || !pair.every((name) => names.includes(name))) return;
  if (missing.some((name) => refused.includes(name))) return;
  mistakes.push(`${missing[0]} is missing: ${pair.join(' and ')} go together.`);
}

/** Names in the PAYOS_ space that mean nothing: most often a typing mistake. */
function unknownNames(env: Environment): string[] {
  const mistakes: string[] = [];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('PAYOS_') || /^PAYOS_(SECRET_KEY|TEST_)/.test(name)) continue;
    const plain = name.endsWith('_FILE') ? name.slice(0, -5) : name;
    if (Object.hasOwn(settingsTable, name) || Object.hasOwn(settingsTable, plain)) continue;
    mistakes.push(`${name} is not a setting. See docs/settings.md for the names.`);
  }
  return mistakes;
}
