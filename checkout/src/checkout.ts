import { type Api, Refused, type View } from './api.ts';
import { nowMs } from './clock.ts';
import { element, safeUrl } from './element.ts';
import { type PayForm, payForm } from './form.ts';
import type { Shell } from './shell.ts';
import { fill, type Language } from './texts/texts.ts';

/** Between two questions for the outcome of a payment. */
const askAgainMs = 2_000;
/** How long "paid" is read before the shop is shown again. */
const readMs = 1_500;
/** Timers take no more than 2^31 milliseconds. */
const longestTimerMs = 2_000_000_000;

/**
 * The page of one session. What it shows follows from what the server says last: a reload, the back
 * button or a lost answer asks again, and nothing is assumed.
 */
export class Checkout {
  readonly #shell: Shell;
  readonly #api: Api;
  readonly #language: Language;
  #view: View | undefined;
  #form: PayForm | undefined;
  #isBusy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(shell: Shell, api: Api, language: Language) {
    this.#shell = shell;
    this.#api = api;
    this.#language = language;
  }

  open(): void {
    // The back button may show the page as it was left.
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) void this.#refresh();
    });
    this.#shell.tell(this.#language.texts.loading);
    void this.#refresh();
  }

  #later(job: () => void, afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(job, Math.min(Math.max(afterMs, 0), longestTimerMs));
  }

  /** @param isOwn the visitor has just paid here, and is not coming back to look */
  #show(next: View, isOwn: boolean): void {
    const before = this.#view;
    this.#view = next;
    this.#shell.draw(next);
    this.#shell.tell('');
    if (next.processing) this.#showProcessing(next);
    else if (next.status === 'complete') this.#showPaid(next, isOwn);
    else if (next.status === 'expired') this.#showExpired(next);
    else this.#showForm(next, before);
  }

  #showForm(next: View, before: View | undefined): void {
    const leftMs = Date.parse(next.expires_at) - nowMs();
    this.#later(() => void this.#refresh(), leftMs + 1_000);
    // Frames lose what was typed when they are moved: the form stays where it is.
    if (this.#form === undefined || !this.#form.element.isConnected) {
      this.#form = payForm(next, this.#language, () => void this.#pay());
      this.#shell.body.replaceChildren(this.#form.element);
    }
    this.#form.setBusy(this.#isBusy);
    const isNews = before === undefined || next.try > before.try;
    if (isNews && next.problem !== null) this.#form.again(next.problem);
  }

  #showProcessing({ return_url, merchant }: View): void {
    const { processing, processingText } = this.#language.texts;
    this.#shell.show(
      processing,
      element('p', {}, processingText),
      this.#leave(return_url, merchant.name),
    );
    this.#later(() => void this.#refresh(), askAgainMs);
  }

  #showPaid({ return_url, merchant }: View, isOwn: boolean): void {
    clearTimeout(this.#timer);
    const { paid, paidText } = this.#language.texts;
    this.#shell.show(
      paid,
      isOwn ? element('p', {}, fill(paidText, { name: merchant.name })) : undefined,
      this.#leave(return_url, merchant.name),
    );
    const url = return_url === null ? undefined : safeUrl(return_url);
    if (isOwn && url !== undefined) this.#later(() => window.location.replace(url), readMs);
  }

  #showExpired({ cancel_url, merchant }: View): void {
    clearTimeout(this.#timer);
    const { expired, expiredText } = this.#language.texts;
    const text = element('p', {}, expiredText);
    this.#shell.show(expired, text, this.#leave(cancel_url, merchant.name));
  }

  #leave(url: string | null, name: string): Node | undefined {
    const href = url === null ? undefined : safeUrl(url);
    const text = fill(this.#language.texts.continue, { name });
    return href === undefined ? undefined : element('a', { class: 'pay', href }, text);
  }

  async #refresh(): Promise<void> {
    const wasProcessing = this.#view?.processing === true;
    try {
      this.#show(await this.#api.view(), wasProcessing);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { invalid, invalidText } = this.#language.texts;
      if (error.code === 'invalid_checkout_secret') {
        this.#shell.show(invalid, element('p', {}, invalidText));
      } else if (this.#view === undefined) this.#showNothing();
      else if (wasProcessing) this.#later(() => void this.#refresh(), askAgainMs);
    }
  }

  #showNothing(): void {
    const { again, offline } = this.#language.texts;
    const button = element('button', { type: 'button', class: 'pay' }, again);
    button.addEventListener('click', () => void this.#refresh());
    this.#shell.show(offline, button);
  }

  async #pay(): Promise<void> {
    const form = this.#form;
    const view = this.#view;
    if (this.#isBusy || view === undefined || form === undefined) return;
    this.#isBusy = true;
    form.complain(undefined);
    form.setBusy(true);
    this.#shell.tell(this.#language.texts.paying);
    try {
      const chosen = await form.choose();
      if (chosen === undefined) return;
      this.#show(await this.#api.confirm({ try: view.try, ...chosen }), true);
    } catch (error) {
      await this.#find(error, view.try);
    } finally {
      this.#isBusy = false;
      form.setBusy(false);
      this.#shell.tell('');
    }
  }

  /** The answer was lost, or a refusal: what became of the session is asked, never guessed. */
  async #find(error: unknown, tried: number): Promise<void> {
    await this.#refresh();
    const { status, processing, try: now } = this.#view ?? {};
    if (status !== 'open' || processing || now !== tried) return;
    this.#form?.complain(this.#complaint(error instanceof Refused ? error.code : 'offline'));
  }

  #complaint(code: string): string {
    const { offline, unavailable, problems } = this.#language.texts;
    if (['offline', 'unavailable', 'rate_limited'].includes(code)) return offline;
    return /^key_|live_mode/.test(code) ? unavailable : problems.try_again;
  }
}
