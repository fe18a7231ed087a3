import { textOn } from 'payos-contract';
import type { View } from './api.ts';
import { element, safeUrl } from './element.ts';
import { formatMoney } from './money.ts';
import { fill, type Language } from './texts/texts.ts';

/** What stays while the rest changes: whom one pays, how much and for what. */
export function createShell(page: HTMLElement, language: Language) {
  const { texts, locale, direction } = language;
  document.documentElement.lang = locale;
  document.documentElement.dir = direction;
  const head = element('header');
  const body = element('div', { class: 'body' });
  const foot = element('footer');
  // Told without taking the focus away.
  const status = element('p', { class: 'told', role: 'status' });
  page.replaceChildren(head, status, body, foot);

  return {
    body,
    tell(text: string): void {
      status.textContent = text;
    },
    /** Replaces what is below the amount, and reads out its heading. */
    show(title: string, ...content: (Node | undefined)[]): void {
      const heading = element('h2', { tabindex: '-1' }, title);
      body.replaceChildren(heading, ...content.filter((one) => one !== undefined));
      heading.focus();
    },
    draw(view: View): void {
      const { merchant } = view;
      document.title = fill(texts.title, { name: merchant.name });
      dress(merchant.accent);
      head.replaceChildren(...headOf(view, language));
      foot.replaceChildren(...footOf(view, language));
    },
  };
}

export type Shell = ReturnType<typeof createShell>;

/** The colour of the merchant, with what can be read on it. */
function dress(accent: string | null): void {
  if (accent === null) return;
  const { style } = document.documentElement;
  style.setProperty('--accent', accent);
  style.setProperty('--on-accent', textOn(accent));
}

function headOf(view: View, { texts, locale }: Language): Node[] {
  const { merchant } = view;
  const logo =
    merchant.logo === null
      ? undefined
      : element('img', { src: merchant.logo, alt: '', height: '40' });
  const description = view.description === null ? undefined : element('p', {}, view.description);
  return [
    ...(view.mode === 'test' ? [element('p', { class: 'test' }, texts.testMode)] : []),
    element('div', { class: 'merchant' }, logo, element('span', {}, merchant.name)),
    element('h1', {}, formatMoney(view.amount, view.currency, locale)),
    ...(description === undefined ? [] : [description]),
    element('p', { class: 'reference' }, `${texts.reference} `, element('bdi', {}, view.reference)),
  ];
}

function footOf(view: View, { texts }: Language): Node[] {
  const { support_url: url, support_email: email, name } = view.merchant;
  const link = url === null ? undefined : safeUrl(url);
  const cancel = safeUrl(view.cancel_url);
  const helps = [
    link === undefined ? undefined : element('a', { href: link }, new URL(link).hostname),
    email === null ? undefined : element('a', { href: `mailto:${email}` }, email),
  ].filter((one) => one !== undefined);
  const isOpen = view.status === 'open' && !view.processing;
  return [
    ...(isOpen && cancel !== undefined
      ? [
          element(
            'p',
            {},
            element('a', { class: 'cancel', href: cancel }, fill(texts.cancel, { name })),
          ),
        ]
      : []),
    ...(helps.length > 0
      ? [element('p', {}, `${texts.help} `, ...helps.flatMap((one) => [one, ' ']))]
      : []),
    element('p', { class: 'small' }, texts.poweredBy),
  ];
}
