import type { Appearance, FieldKind, Fields } from 'payos-fields';
import { element } from './element.ts';

export type CardFields = {
  readonly element: HTMLElement;
  /** @returns the id of a token, or what is wrong, in the language of the page */
  collect(): Promise<{ token: string } | { problem: string }>;
  focus(kind: FieldKind): void;
  clearCode(): void;
};

const appearance: Appearance = {
  colorScheme: 'auto',
  base: {
    fontFamily: 'system-ui, sans-serif',
    fontSize: '16px',
    padding: '0 2px',
    lineHeight: '40px',
    outlineColor: 'transparent',
  },
};

/** What is asked for of a new card, and of a saved one. */
export const ofNewCard = ['number', 'expiry', 'cvc'] as const;
export const ofSavedCard = ['cvc'] as const;

/**
 * The inputs of a card: frames of the vault, which no script of this page can look into.
 *
 * @param key creates tokens for this session and does nothing else
 * @param onEnter somebody pressed Enter in one of them
 * @returns undefined when the vault's script could not be loaded
 */
export function openCardFields(
  key: string,
  locale: string,
  kinds: typeof ofNewCard | typeof ofSavedCard,
  label: string,
  onEnter: () => void,
): CardFields | undefined {
  if (typeof window.PayOS !== 'function') return undefined;
  const fields: Fields = window.PayOS(key, { locale }).fields({ appearance });
  const box = element('div', { class: 'card', role: 'group', 'aria-label': label });
  const made = new Map(
    kinds.map((kind) => {
      const place = element('div', { class: `field ${kind}` });
      box.append(place);
      const field = fields.create(kind, { showLabels: true });
      const mark = (name: string, on: boolean) => place.classList.toggle(name, on);
      field.on('focus', () => mark('focused', true));
      field.on('blur', () => mark('focused', false));
      field.on('change', ({ error }) => mark('wrong', error !== undefined));
      field.on('enter', onEnter);
      return [kind, { field, place }] as const;
    }),
  );
  // Frames load once they are in the page.
  queueMicrotask(() => {
    for (const { field, place } of made.values()) field.mount(place);
  });
  const of = (kind: FieldKind) => made.get(kind as 'number')?.field;
  return {
    element: box,
    async collect() {
      const { token, error } = await fields.tokenize();
      if (token !== undefined) return { token: token.id };
      if (error.field !== undefined) of(error.field)?.focus();
      return { problem: error.message };
    },
    focus: (kind) => of(kind)?.focus(),
    clearCode: () => of('cvc')?.clear(),
  };
}
