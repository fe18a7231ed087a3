import type { Field, FieldEvents, FieldKind, FieldOptions } from '../../payos.d.ts';
import { readFromField, type Setup, type ToField } from '../wire.ts';
import { createFrame, type Frame, type Origin } from './frame.ts';
import { refusal } from './refusals.ts';

type Options = FieldOptions & { appearance?: unknown };
type Listeners = { [Name in keyof FieldEvents]: Set<(event: FieldEvents[Name]) => void> };

/** What a field needs of the set that it belongs to. */
export type FieldHost = {
  origin: Origin;
  group: string;
  title: (kind: FieldKind) => string;
  /** Somebody wants to type: the controller must be there. */
  mounted: () => void;
  controllerReady: () => boolean;
  destroyed: (field: MountedField) => void;
};

const states = ['complete', 'empty', 'invalid', 'focus'] as const;

/** One field: an iframe that is told what to look like, and that tells how it is going. */
export class MountedField implements Field {
  readonly kind: FieldKind;
  readonly #host: FieldHost;
  readonly #setup: Options;
  readonly #listeners: Listeners = {
    ready: new Set(),
    change: new Set(),
    focus: new Set(),
    blur: new Set(),
    enter: new Set(),
    error: new Set(),
  };
  #place: Element | undefined;
  #frame: Frame | undefined;
  #port: MessagePort | undefined;
  #joined = false;
  #wasReady = false;
  #failed: string | undefined;
  #isGone = false;

  constructor(host: FieldHost, kind: FieldKind, given: Options) {
    this.kind = kind;
    this.#host = host;
    this.#setup = { ...given };
  }

  mount(target: Element | string): this {
    if (this.#isGone) throw new Error('PayOS: this field was destroyed.');
    const place = typeof target === 'string' ? document.querySelector(target) : target;
    if (place === null) throw new Error(`PayOS: there is no element ${String(target)}.`);
    this.unmount();
    const { origin, group, title } = this.#host;
    const frame = createFrame(origin, this.kind, group, title(this.kind), {
      open: (port) => this.#open(port),
      refused: (code) => this.#fail(code),
    });
    dress(frame.element, this.#setup.appearance);
    place.replaceChildren(frame.element);
    this.#place = place;
    this.#frame = frame;
    this.#mark('empty', true);
    this.#host.mounted();
    return this;
  }

  on<Name extends keyof FieldEvents>(name: Name, listener: (event: FieldEvents[Name]) => void) {
    const listeners = this.#listeners[name];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  focus(): void {
    this.#frame?.element.focus();
    this.#send({ type: 'focus' });
  }

  clear(): void {
    this.#send({ type: 'clear' });
  }

  update(options: Options): void {
    Object.assign(this.#setup, options);
    if (this.#frame) dress(this.#frame.element, this.#setup.appearance);
    this.#send({ type: 'set', setup: options as Setup });
  }

  unmount(): void {
    this.#frame?.remove();
    this.#port?.close();
    for (const state of states) this.#mark(state, false);
    this.#place = this.#frame = this.#port = this.#failed = undefined;
    this.#joined = this.#wasReady = false;
  }

  destroy(): void {
    this.unmount();
    this.#isGone = true;
    this.#host.destroyed(this);
  }

  /** The controller is there, or another one than before: go and join it. */
  meet(): void {
    this.#joined = false;
    this.#send({ type: 'meet' });
  }

  state() {
    return {
      isMounted: this.#frame !== undefined,
      joined: this.#joined,
      failed: this.#failed,
    };
  }

  #emit<Name extends keyof FieldEvents>(name: Name, event: FieldEvents[Name]): void {
    for (const listener of this.#listeners[name]) listener(event);
  }

  #send(message: ToField): void {
    this.#port?.postMessage(message);
  }

  #mark(state: (typeof states)[number], on: boolean): void {
    this.#place?.classList.toggle(`payos-${state}`, on);
  }

  #fail(code: string): void {
    this.#failed = code;
    const problem = refusal(code);
    // Nobody would know why there is nothing to type into.
    if (this.#listeners.error.size === 0) reportError(new Error(problem.message));
    this.#emit('error', problem);
  }

  #open(port: MessagePort): void {
    this.#port = port;
    this.#failed = undefined;
    this.#joined = false;
    port.onmessage = ({ data }) => this.#hear(data);
    this.#send({ type: 'set', setup: this.#setup as Setup });
    if (this.#host.controllerReady()) this.meet();
  }

  #hear(data: unknown): void {
    const message = readFromField(data);
    if (message === undefined) return;
    if (message.type === 'size') {
      if (this.#frame) this.#frame.element.style.height = `${message.height}px`;
    } else if (message.type === 'change') {
      const { type: _, ...change } = message;
      this.#mark('complete', change.complete);
      this.#mark('empty', change.empty);
      this.#mark('invalid', change.error !== undefined);
      this.#emit('change', change);
    } else if (message.type === 'joined') {
      this.#joined = true;
      if (!this.#wasReady) this.#emit('ready', undefined);
      this.#wasReady = true;
    } else {
      if (message.type !== 'enter') this.#mark('focus', message.type === 'focus');
      this.#emit(message.type, undefined);
    }
  }
}

/** By properties, which a page's policy on styles allows. */
function dress({ style }: HTMLIFrameElement, appearance: unknown): void {
  const { colorScheme } = (appearance ?? {}) as { colorScheme?: unknown };
  style.display = 'block';
  style.width = '100%';
  style.minWidth = '0';
  if (style.height === '') style.height = '2em';
  style.border = '0';
  // Another scheme than that of the document in it would give the frame an opaque background.
  const scheme = colorScheme === 'auto' ? 'light dark' : colorScheme === 'dark' ? 'dark' : 'light';
  style.setProperty('color-scheme', scheme);
}
