import { type Brand, isBrand } from './card/brand.ts';

/**
 * What the merchant's page and the frames say to each other. Nothing in here can hold what was
 * typed: frames say how it is going, never what it is.
 */

export const kinds = ['card', 'number', 'expiry', 'cvc'] as const;
export type Kind = (typeof kinds)[number];
export type Role = Kind | 'controller';

export type FieldError = { code: string; message: string };

/** The first and only message by window: hands over a port, or says why there is nothing. */
export type Hello =
  | { payos: 'hello'; nonce: string }
  | { payos: 'refused'; nonce: string; code: string };

export type Texts = { label?: string; placeholder?: string };

/** Options of one field, as the page gives them; the frame looks at each before it uses it. */
export type Setup = {
  appearance?: unknown;
  texts?: unknown;
  showLabels?: boolean;
  disabled?: boolean;
};

/** Page → field. */
export type ToField =
  | { type: 'set'; setup: Setup }
  /** The controller is there (again): go and join it. */
  | { type: 'meet' }
  | { type: 'focus' }
  | { type: 'clear' };

/** Field → page. */
export type FromField =
  | { type: 'joined' }
  | {
      type: 'change';
      complete: boolean;
      empty: boolean;
      brand: Brand;
      error: FieldError | undefined;
    }
  | { type: 'focus' }
  | { type: 'blur' }
  | { type: 'enter' }
  | { type: 'size'; height: number };

/** Page → controller. */
export type ToController = { type: 'tokenize'; id: number; name: string | undefined };

type AnyToken = { id: string; mode: 'test' | 'live'; created_at: string; expires_at: string };
type CardFace = { brand: string; last4: string; exp_month: number; exp_year: number };

/** What the page learns of a token; the vault's answer to whoever creates one. */
export type PublicToken =
  | (AnyToken & { object: 'token'; card: CardFace; single_use: boolean })
  | (AnyToken & { object: 'cvc_token' });

export type Failure = FieldError & { field?: 'number' | 'expiry' | 'cvc' };

/** Controller → page. */
export type FromController = {
  type: 'result';
  id: number;
  token: PublicToken | undefined;
  error: Failure | undefined;
};

type Members = Record<string, unknown>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isOptionalText = (value: unknown) => value === undefined || isText(value);

const isError = (value: unknown): value is FieldError | undefined =>
  value === undefined || (isMembers(value) && isText(value['code']) && isText(value['message']));

/** Undefined for what is no hello: windows hear messages of anybody. */
export function readHello(data: unknown): Hello | undefined {
  if (!isMembers(data) || !isText(data['nonce'])) return undefined;
  const { payos, nonce, code } = data;
  if (payos === 'hello') return { payos, nonce };
  if (payos === 'refused' && isText(code)) return { payos, nonce, code };
  return undefined;
}

/** Undefined for what no page of ours says. `setup` is looked at where it is used. */
export function readToField(data: unknown): ToField | undefined {
  if (!isMembers(data)) return undefined;
  const { type, setup } = data;
  if (type === 'meet' || type === 'focus' || type === 'clear') return { type };
  if (type === 'set' && isMembers(setup)) return { type, setup };
  return undefined;
}

/** Undefined for what no field says. Heights are in CSS pixels, from 0 to below 2000. */
export function readFromField(data: unknown): FromField | undefined {
  if (!isMembers(data)) return undefined;
  const { type, complete, empty, brand, error, height } = data;
  if (type === 'joined' || type === 'focus' || type === 'blur' || type === 'enter') return { type };
  if (type === 'size' && typeof height === 'number' && height >= 0 && height < 2000) {
    return { type, height };
  }
  if (type !== 'change' || typeof complete !== 'boolean' || typeof empty !== 'boolean') {
    return undefined;
  }
  return isBrand(brand) && isError(error) ? { type, complete, empty, brand, error } : undefined;
}

/** Undefined for what no page of ours says. */
export function readToController(data: unknown): ToController | undefined {
  if (!isMembers(data)) return undefined;
  const { type, id, name } = data;
  if (type !== 'tokenize' || typeof id !== 'number' || !isOptionalText(name)) return undefined;
  return { type, id, name: name as string | undefined };
}

/** Undefined unless it holds either a token or an error. */
export function readFromController(data: unknown): FromController | undefined {
  if (!isMembers(data)) return undefined;
  const { type, id, token, error } = data;
  if (type !== 'result' || typeof id !== 'number' || !isError(error)) return undefined;
  const isToken = isMembers(token) && isText(token['id']);
  if (isToken === (error !== undefined)) return undefined;
  return { type, id, token: token as PublicToken | undefined, error };
}
