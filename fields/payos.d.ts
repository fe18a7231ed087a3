/**
 * Types of the secure fields, for pages that load `/fields/v…/payos.js` from a vault.
 * Guide: docs/fields.md.
 */

export type FieldKind = 'card' | 'number' | 'expiry' | 'cvc';
export type CardPart = 'number' | 'expiry' | 'cvc';

export type CardBrand =
  | 'visa'
  | 'mastercard'
  | 'amex'
  | 'discover'
  | 'diners'
  | 'jcb'
  | 'unionpay'
  | 'maestro'
  | 'unknown';

/** Colours as CSS writes them: `#rrggbb`, names, `rgb()`, `hsl()`, `oklch()` and the like. */
export type FieldColors = {
  color?: string;
  backgroundColor?: string;
  caretColor?: string;
  placeholderColor?: string;
  /** The name of the brand. */
  iconColor?: string;
  /** The ring around what has the caret; `transparent` where the page draws one itself. */
  outlineColor?: string;
};

/** Fonts are those of the customer's machine: nothing is loaded. */
export type FieldStyle = FieldColors & {
  fontFamily?: string;
  fontSize?: string;
  fontWeight?: string;
  fontStyle?: string;
  fontVariantNumeric?: string;
  letterSpacing?: string;
  lineHeight?: string;
  textAlign?: string;
  padding?: string;
};

/** What is not on the list is left out. */
export type Appearance = {
  /** Default: `light`. `auto` follows the customer's machine. */
  colorScheme?: 'light' | 'dark' | 'auto';
  base?: FieldStyle;
  focus?: FieldColors;
  complete?: FieldColors;
  invalid?: FieldColors;
};

export type PayOSOptions = {
  /** Origin of the vault. Default: where the script came from. */
  vault?: string;
  /** BCP 47. Default: the language of the page. ar, de, en, es, fr, ja, pt; else English. */
  locale?: string;
};

export type FieldsOptions = { appearance?: Appearance };

export type FieldOptions = {
  /** Labels and placeholders in place of ours, per part. */
  texts?: Partial<Record<CardPart, { label?: string; placeholder?: string }>>;
  /** Labels are always there for screen readers; this shows them, too. */
  showLabels?: boolean;
  disabled?: boolean;
};

export type FieldProblem = {
  code: string;
  /** In the language of the fields, for the customer. */
  message: string;
};

export type FieldChange = {
  complete: boolean;
  empty: boolean;
  brand: CardBrand;
  error: FieldProblem | undefined;
};

export type FieldEvents = {
  /** It can be typed into. */
  ready: undefined;
  change: FieldChange;
  focus: undefined;
  blur: undefined;
  enter: undefined;
  /** It cannot be used; `message` is for developers, in English. */
  error: FieldProblem;
};

export type Field = {
  readonly kind: FieldKind;
  /** @param target an element, or a selector that finds one */
  mount(target: Element | string): Field;
  /** @returns how to stop listening */
  on<Name extends keyof FieldEvents>(
    name: Name,
    listener: (event: FieldEvents[Name]) => void,
  ): () => void;
  focus(): void;
  clear(): void;
  update(options: FieldOptions & { appearance?: Appearance }): void;
  /** Takes it off the page. It can be mounted again, empty. */
  unmount(): void;
  /** Takes it off the page for good. */
  destroy(): void;
};

type AnyToken = {
  id: string;
  mode: 'test' | 'live';
  /** RFC 3339. */
  created_at: string;
  expires_at: string;
};

/** Stands for a card: `token` of a payment. */
export type CardToken = AnyToken & {
  object: 'token';
  card: { brand: string; last4: string; exp_month: number; exp_year: number };
  single_use: boolean;
};

/** Stands for a security code alone: `cvc_token` of a payment with a saved card. */
export type CvcToken = AnyToken & { object: 'cvc_token' };

export type TokenizeResult =
  | { token: CardToken | CvcToken; error?: undefined }
  | { token?: undefined; error: FieldProblem & { field?: CardPart } };

export type Fields = {
  /** @throws Error for a kind that does not go with those that are there */
  create(kind: FieldKind, options?: FieldOptions): Field;
  /** Turns what was typed into a token; `cvc` alone into a `cvc_token`. Never rejects. */
  tokenize(options?: { name?: string }): Promise<TokenizeResult>;
  /** Takes all fields off the page for good. */
  destroy(): void;
};

export type PayOSClient = { fields(options?: FieldsOptions): Fields };

/** @param key publishable key */
export type PayOSFunction = (key: string, options?: PayOSOptions) => PayOSClient;

declare global {
  interface Window {
    PayOS: PayOSFunction;
  }
  const PayOS: PayOSFunction;
}
