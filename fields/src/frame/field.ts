import { type Brand, brandName, findBrand, isBrand } from '../card/brand.ts';
import { codeRules } from '../card/code.ts';
import { expiryRules } from '../card/expiry.ts';
import { numberRules } from '../card/number.ts';
import { type PartName, partNames } from '../card/part.ts';
import { today } from '../clock.ts';
import { problemText, type Texts } from '../texts/texts.ts';
import { type Failure, type FromField, type Kind, readToField, type Setup } from '../wire.ts';
import { CardInput } from './input.ts';
import { type Ask, joinController, type Reply } from './join.ts';
import { callParent } from './parent.ts';
import type { Place } from './place.ts';
import { applyLooks, readLooks } from './style.ts';

/** A frame with one part of a card, or with all of them. */
export function startField(place: Place, kind: Kind, texts: Texts): void {
  const field = new CardField(place, kind, texts);
  show(kind, field.inputs, texts, (height) => field.tell({ type: 'size', height }));
}

class CardField {
  readonly inputs: readonly CardInput[];
  readonly #place: Place;
  readonly #texts: Texts;
  readonly #page: MessagePort;
  #controller: MessagePort | undefined;
  /** Of a number in another frame, as the controller passes it on. */
  #foreignBrand: Brand = 'unknown';
  #told = '';

  constructor(place: Place, kind: Kind, texts: Texts) {
    this.#place = place;
    this.#texts = texts;
    this.inputs = (kind === 'card' ? partNames : [kind]).map((name) => this.#createInput(name));
    this.#page = callParent(place);
    this.#page.onmessage = ({ data }) => this.#hearPage(data);
  }

  tell(message: FromField): void {
    this.#page.postMessage(message);
  }

  #part(name: PartName): CardInput | undefined {
    return this.inputs.find((input) => input.name === name);
  }

  #brand(): Brand {
    const number = this.#part('number');
    return number === undefined ? this.#foreignBrand : findBrand(number.value).brand;
  }

  #createInput(name: PartName): CardInput {
    const rules = {
      number: numberRules,
      expiry: expiryRules(today),
      cvc: codeRules(() => this.#brand()),
    };
    return new CardInput(name, rules[name], this.#texts, {
      change: () => {
        if (name === 'number') this.#part('cvc')?.draw();
        this.#changed();
      },
      focus: () => this.tell({ type: 'focus' }),
      blur: () => this.tell({ type: 'blur' }),
      enter: () => this.tell({ type: 'enter' }),
      full: () => this.inputs[this.inputs.findIndex((one) => one.name === name) + 1]?.focus(),
    });
  }

  #changed(): void {
    const brand = this.#brand();
    showBrand(this.#part('number'), brand);
    const wrong = this.inputs.flatMap(({ problem }) => problem ?? [])[0];
    const error =
      wrong === undefined ? undefined : { code: wrong, message: problemText(this.#texts, wrong) };
    const message: FromField = {
      type: 'change',
      complete: this.inputs.every((input) => input.isComplete),
      empty: this.inputs.every((input) => input.value === ''),
      brand,
      error,
    };
    const text = JSON.stringify(message);
    if (text === this.#told) return;
    this.#told = text;
    this.tell(message);
    this.#tellBrand();
  }

  #tellBrand(): void {
    if (this.#part('number') === undefined) return;
    this.#controller?.postMessage({ type: 'brand', brand: this.#brand() } satisfies Reply);
  }

  #hearPage(data: unknown): void {
    const message = readToField(data);
    if (message?.type === 'set') setUp(this.inputs, message.setup);
    if (message?.type === 'meet') this.#meet();
    if (message?.type === 'focus') this.inputs[0]?.focus();
    if (message?.type === 'clear') for (const input of this.inputs) input.clear();
  }

  #meet(): void {
    this.#controller?.close();
    const port = joinController(this.#place);
    this.#controller = port;
    if (port === undefined) return;
    port.onmessage = ({ data }: MessageEvent<Ask>) => this.#hearController(port, data);
    this.#tellBrand();
  }

  #hearController(port: MessagePort, ask: Ask): void {
    if (ask.type === 'welcome') this.tell({ type: 'joined' });
    if (ask.type === 'collect') port.postMessage(collect(this.inputs, this.#texts, ask.id));
    if (ask.type === 'refuse') this.#part(ask.part)?.refuse(ask.code);
    if (ask.type === 'brand' && isBrand(ask.brand)) this.#foreignBrand = ask.brand;
    for (const input of this.inputs) input.draw();
    this.#changed();
  }
}

/** What this frame holds; the first that will not do, instead, shown to whoever types. */
function collect(inputs: readonly CardInput[], texts: Texts, id: number): Reply {
  const failures = inputs.flatMap((input): Failure[] => {
    const code = input.check();
    if (code === undefined) return [];
    return [{ code, message: problemText(texts, code), field: input.name }];
  });
  const [failure] = failures;
  const values = failure === undefined ? inputs.map(({ name, value }) => [name, value]) : [];
  return { type: 'values', id, values: Object.fromEntries(values), failure };
}

function showBrand(number: CardInput | undefined, brand: Brand): void {
  if (number === undefined) return;
  const mark = number.dom.line.querySelector('.brand');
  if (mark !== null) mark.textContent = brandName(brand);
}

function show(
  kind: Kind,
  inputs: readonly CardInput[],
  { direction }: Texts,
  onSize: (height: number) => void,
): void {
  document.documentElement.dir = direction;
  const form = document.createElement('form');
  form.className = kind;
  form.noValidate = true;
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const { name, dom } of inputs) {
    const { line, part, label } = dom;
    label.classList.add('hidden');
    if (name === 'number') {
      const mark = document.createElement('span');
      mark.className = 'brand';
      mark.setAttribute('aria-live', 'polite');
      line.append(mark);
    }
    form.append(part);
  }
  document.body.append(form);
  new ResizeObserver(() => onSize(Math.ceil(form.getBoundingClientRect().height))).observe(form);
}

const textMax = 100;
const isShort = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= textMax;

/** What the page says about looks and words. Texts are texts: they are never parsed. */
function setUp(
  inputs: readonly CardInput[],
  { appearance, texts, showLabels, disabled }: Setup,
): void {
  if (appearance !== undefined) applyLooks(document.documentElement, readLooks(appearance));
  const given = (texts ?? {}) as Partial<
    Record<PartName, { label?: unknown; placeholder?: unknown }>
  >;
  for (const { name, dom } of inputs) {
    const { label, input } = dom;
    const { label: labelText, placeholder } = given[name] ?? {};
    if (isShort(labelText) && labelText.trim() !== '') label.textContent = labelText;
    if (isShort(placeholder)) input.placeholder = placeholder;
    if (typeof showLabels === 'boolean') label.classList.toggle('hidden', !showLabels);
    if (typeof disabled === 'boolean') input.disabled = disabled;
  }
}
