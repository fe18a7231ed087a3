import { type SettingName, type SettingSpec, settingsTable } from './settings.ts';

/**
 * The value of a setting, checked.
 *
 * @param isShown whether a message may quote the value: it may not be a secret
 * @param mistakes is added to
 */
export function parseValue(
  name: SettingName,
  raw: string,
  isShown: boolean,
  mistakes: string[],
): unknown {
  const spec: SettingSpec = settingsTable[name];
  const shown = (value: string) => (isShown ? `, not "${value}"` : '');
  if (spec.kind === 'list' || spec.kind === 'ranges') {
    const parts = raw.split(',').map((part) => part.trim());
    const values = parts.filter((part) => part !== '');
    if (name === 'PAYOS_TLS_NAMES' && !values.every(isName)) {
      mistakes.push(`${name} must be names like pay.shop.example, or addresses.`);
    }
    const wrong = values.find((value) => spec.kind === 'ranges' && !isRange(value));
    if (wrong !== undefined) {
      mistakes.push(`${name} must be ranges like 10.0.0.0/8 or fd00::/8${shown(wrong)}.`);
    }
    return Object.freeze(values);
  }
  const wrong = Object.hasOwn(forms, name) ? forms[name]?.(raw) : formOfKind(name, spec, raw);
  if (wrong !== undefined) mistakes.push(`${name} ${wrong}`);
  if (spec.kind !== 'port' && spec.kind !== 'integer') return raw;
  const min = spec.min ?? 0;
  const max = spec.max ?? 65535;
  const value = Number(raw);
  if (!/^\d{1,7}$/.test(raw) || value < min || value > max) {
    mistakes.push(`${name} must be a whole number from ${min} to ${max}${shown(raw)}.`);
  }
  return value;
}

function formOfKind(name: SettingName, spec: SettingSpec, raw: string): string | undefined {
  const path = `To name a file, set ${name}_FILE.`;
  switch (spec.kind) {
    case 'database':
      return /^postgres(ql)?:\/\/[^\s]+$/.test(raw)
        ? undefined
        : 'must be a URL like postgres://user:password@host:5432/database.';
    case 'choice':
      return spec.choices?.includes(raw)
        ? undefined
        : `must be one of: ${spec.choices?.join(' | ')}.`;
    case 'certificate':
      return raw.includes('-----BEGIN CERTIFICATE-----')
        ? undefined
        : `must be a certificate in PEM. ${path}`;
    case 'private key':
      return /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(raw)
        ? undefined
        : `must be a private key in PEM. ${path}`;
    case 'public keys': {
      const count = raw.match(/-----BEGIN PUBLIC KEY-----/g)?.length ?? 0;
      return count === 1 || count === 2
        ? undefined
        : `must be one public key in PEM, or two while one replaces the other. ${path}`;
    }
    default:
      return undefined;
  }
}

/** Settings of a form of their own. What is wrong is told without the value: it may be a secret. */
const forms: Partial<Record<SettingName, (raw: string) => string | undefined>> = {
  PAYOS_KEY_PEPPER: wrongKey,
  PAYOS_SEALING_KEY: wrongKey,
  PAYOS_VAULT_HOST: wrongAddress,
  PAYOS_INTERNAL_HOST: wrongAddress,
  PAYOS_VAULT_INTERNAL_HOST: wrongAddress,
  PAYOS_SIMULATOR_HOST: wrongAddress,
  PAYOS_PUBLIC_URL: (raw) => wrongOrigin(raw, 'https://pay.shop.example'),
  PAYOS_VAULT_PUBLIC_URL: (raw) => wrongOrigin(raw, 'https://vault.shop.example'),
  PAYOS_INTERNAL_URL: (raw) => wrongOrigin(raw, 'https://server.internal:8445'),
  PAYOS_VAULT_INTERNAL_URL: (raw) => wrongOrigin(raw, 'https://vault.internal:8446'),
  PAYOS_OPERATOR_EMAIL: (raw) =>
    /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(raw)
      ? undefined
      : 'must be one address: ops@shop.example.',
  PAYOS_SMTP_URL: (raw) => {
    const url = URL.canParse(raw) ? new URL(raw) : undefined;
    const form = 'smtps://user:password@host:465 or smtp://user:password@host:587';
    if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
      return `must be a URL like ${form}.`;
    }
    if ((url.username === '') !== (url.password === '')) {
      return 'must have a user and a password, or neither. Write special characters as %40.';
    }
    if (!isDecodable(url.username) || !isDecodable(url.password)) {
      return 'has a % that begins no character. Write special characters as %40, and % as %25.';
    }
    const rest = `${url.pathname.replace(/^\/$/, '')}${url.search}${url.hash}`;
    return rest === '' ? undefined : `must end after the port: ${form}.`;
  },
  PAYOS_MAIL_FROM: (raw) => {
    const address = '[^\\s<>@",;:]+@[^\\s<>@",;:]+';
    const form = new RegExp(`^([^<>"\\p{Cc}]{1,100} <${address}>|${address})$`, 'u');
    return form.test(raw) ? undefined : 'must be like PayOS <payos@shop.example>.';
  },
};

function wrongOrigin(raw: string, example: string): string | undefined {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  const plain = url?.protocol === 'https:' && url.pathname === '/' && !/[?#@]/.test(raw);
  return plain ? undefined : `must be a URL like ${example}, without a path.`;
}

/** Where to listen: an address as the machine has it, never a name that others decide about. */
function wrongAddress(raw: string): string | undefined {
  const isV4 = !raw.includes(':') && isRange(`${raw}/32`);
  const isV6 = raw.includes(':') && !raw.includes('.') && isRange(`${raw.replace(/%.+$/, '')}/128`);
  return isV4 || isV6 || raw === 'localhost'
    ? undefined
    : 'must be an address of this machine like 10.0.0.5 or fd00::5, without a port.';
}

/** Not `shop` or `example`: a CA that may vouch for these may vouch for all that end in them. */
function isName(text: string): boolean {
  return wrongAddress(text) === undefined || /^([a-z\d-]{1,63}\.)+[a-z\d-]{1,63}$/i.test(text);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function wrongKey(raw: string): string | undefined {
  // 32 bytes are 43 characters of base64 and one of padding.
  return /^[A-Za-z0-9+/]{43}=$/.test(raw) ? undefined : 'must be 32 bytes in base64.';
}

/** An address and the length of its prefix; an unsound address is found when it is used. */
function isRange(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  if (address.includes(':')) return /^[0-9a-f:.]{2,45}$/i.test(address) && Number(prefix) <= 128;
  const parts = address.split('.');
  const sound = parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return parts.length === 4 && sound && Number(prefix) <= 32;
}
