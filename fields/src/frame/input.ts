import type { PartName, PartRules, Verdict } from '../card/part.ts';
import { retype } from '../card/retype.ts';
import { problemText, type Texts } from '../texts/texts.ts';

export type InputEvents = {
  change: () => void;
  focus: () => void;
  blur: () => void;
  enter: () => void;
  /** Everything has been typed: the next one may have the caret. */
  full: () => void;
};

const hints: Readonly<Record<PartName, { autocomplete: string; placeholder: string }>> = {
  number: { autocomplete: 'cc-number', placeholder: '1234 1234 1234 1234' },
  expiry: { autocomplete: 'cc-exp', placeholder: '' },
  cvc: { autocomplete: 'cc-csc', placeholder: '123' },
};

/**
 * One labelled input with its own message for screen readers. What is in it can be had by `value`,
 * and only the frame asks.
 */
export class CardInput {
  readonly name: PartName;
  readonly dom: ReturnType<typeof build>;
  readonly #rules: PartRules;
  readonly #texts: Texts;
  readonly #events: InputEvents;
  #value = '';
  /** Said by the vault, or for want of a value, of what is in the input now. */
  #refused: string | undefined;
  /** Left by whoever typed, so that it may be called incomplete. */
  #touched = false;

  constructor(name: PartName, rules: PartRules, texts: Texts, events: InputEvents) {
    this.name = name;
    this.#rules = rules;
    this.#texts = texts;
    this.#events = events;
    this.dom = build(name, texts);
    this.#listen();
  }

  get value(): string {
    return this.#value;
  }

  /** Why it will not do; undefined while somebody may still be typing. */
  get problem(): string | undefined {
    if (this.#refused !== undefined) return this.#refused;
    const verdict = this.#rules.judge(this.#value);
    if (verdict === 'complete' || this.#value === '') return undefined;
    const isOver = this.#touched || this.#rules.isFull(this.#value);
    return isOver ? codeOf(this.name, verdict) : undefined;
  }

  get isComplete(): boolean {
    return this.#rules.judge(this.#value) === 'complete' && this.#refused === undefined;
  }

  /** What is missing or wrong, shown as after leaving the input. */
  check(): string | undefined {
    this.#touched = true;
    if (this.#value === '') this.#refused = `missing_${this.name}`;
    this.draw();
    return this.problem;
  }

  refuse(code: string): void {
    this.#refused = code;
    this.draw();
  }

  focus(): void {
    this.dom.input.focus();
  }

  clear(): void {
    this.#touched = false;
    this.#refused = undefined;
    this.#set({ value: '', text: '', caret: 0 });
  }

  draw(): void {
    const { part, input, message } = this.dom;
    const code = this.problem;
    part.classList.toggle('invalid', code !== undefined);
    part.classList.toggle('complete', this.isComplete);
    input.setAttribute('aria-invalid', String(code !== undefined));
    const text = code === undefined ? '' : problemText(this.#texts, code);
    if (message.textContent !== text) message.textContent = text;
  }

  #listen(): void {
    const { input } = this.dom;
    const retyped = (kind: string, caret: number) =>
      this.#set(retype(this.#rules, this.#value, { text: input.value, caret }, kind));
    input.addEventListener('input', (event) => {
      const { inputType = '', isComposing = false } = event as Partial<InputEvent>;
      if (!isComposing) retyped(inputType, input.selectionStart ?? input.value.length);
    });
    input.addEventListener('compositionend', () => retyped('', input.value.length));
    input.addEventListener('focus', () => this.#events.focus());
    input.addEventListener('blur', () => {
      this.#touched = this.#value !== '';
      this.draw();
      this.#events.change();
      this.#events.blur();
    });
    input.addEventListener('keydown', ({ key, isComposing }) => {
      if (key === 'Enter' && !isComposing) this.#events.enter();
    });
    // A number that is dragged out ends up in the page.
    input.addEventListener('dragstart', (event) => event.preventDefault());
  }

  #set({ value, text, caret }: ReturnType<typeof retype>): void {
    const { input } = this.dom;
    const before = this.#value;
    this.#value = value;
    if (value !== before) {
      this.#refused = undefined;
      if (!this.#rules.isFull(value)) this.#touched = false;
    }
    // Setting it moves the caret, also where nothing changes.
    if (input.value !== text) {
      input.value = text;
      if (document.activeElement === input) input.setSelectionRange(caret, caret);
    }
    this.draw();
    this.#events.change();
    const isTyped = caret === text.length && value.length > before.length;
    if (isTyped && this.#rules.isEnough(value) && this.isComplete) this.#events.full();
  }
}

function codeOf(name: PartName, verdict: Verdict): string {
  return verdict === 'expired' ? 'card_expired' : `${verdict}_${name}`;
}

function build(name: PartName, { wording }: Texts) {
  const { autocomplete, placeholder } = hints[name];
  const part = document.createElement('div');
  part.className = `part ${name}`;
  const label = document.createElement('label');
  label.htmlFor = name;
  label.textContent = wording[name];
  const line = document.createElement('div');
  line.className = 'line';
  const input = document.createElement('input');
  Object.assign(input, { id: name, name, type: 'text', inputMode: 'numeric', autocomplete });
  input.placeholder = name === 'expiry' ? wording.expiryHint : placeholder;
  input.spellcheck = false;
  input.setAttribute('autocorrect', 'off');
  input.setAttribute('autocapitalize', 'off');
  input.setAttribute('aria-required', 'true');
  input.setAttribute('aria-describedby', `${name}-message`);
  const message = document.createElement('span');
  message.id = `${name}-message`;
  message.className = 'hidden';
  message.setAttribute('aria-live', 'polite');
  line.append(input);
  part.append(label, line, message);
  return { part, label, line, input, message };
}
