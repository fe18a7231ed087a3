import { type SecretReference, type SecretSource, SettingRefused } from 'payos-contract/settings';
import { openAws } from './aws.ts';
import { openVault } from './vault.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A service that is open: reads whole secrets, each as text or as named values. */
export type Service = {
  read(path: string): Promise<Secret>;
  /** Gives back what was taken to read. */
  close(): Promise<void>;
};

export type Secret = string | Readonly<Record<string, unknown>>;

/** Longest time for all secrets of a process, in milliseconds. */
const deadlineMs = 15_000;

const services: Readonly<
  Record<SecretReference['service'], (env: Environment, deadline: AbortSignal) => Service>
> = { vault: openVault, 'aws-sm': openAws };

/** The secret services; each is opened when it is first asked, and asked once for each secret. */
export function openSources(env: Environment): {
  readSecret: SecretSource;
  close(): Promise<void>;
} {
  const open = new Map<string, Service>();
  const secrets = new Map<string, Promise<Secret>>();
  let deadline: AbortSignal | undefined;
  const readWhole = ({ service: name, path }: SecretReference) => {
    deadline ??= AbortSignal.timeout(deadlineMs);
    const service = open.get(name) ?? services[name](env, deadline);
    open.set(name, service);
    const key = `${name} ${path}`;
    const secret = secrets.get(key) ?? service.read(path);
    secrets.set(key, secret);
    return secret;
  };
  return {
    readSecret: async (reference) => fieldOf(reference, await readWhole(reference)),
    close: async () => {
      await Promise.all([...open.values()].map((service) => service.close()));
    },
  };
}

function fieldOf({ text, field }: SecretReference, secret: Secret): string {
  if (field === undefined) {
    if (typeof secret === 'string') return secret;
    throw new SettingRefused(`${text} names no field. Write #field after it.`);
  }
  const fields = typeof secret === 'string' ? parseFields(secret) : secret;
  if (fields === undefined) {
    throw new SettingRefused(`${text}: the secret is no JSON object. Leave #${field} out.`);
  }
  const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const wrong = value === undefined ? 'the secret has no such field' : 'the field is not text';
  throw new SettingRefused(`${text}: ${wrong}.`);
}

function parseFields(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    // What JSON.parse says quotes the secret.
    return undefined;
  }
}
