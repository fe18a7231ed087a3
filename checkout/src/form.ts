import type { schemas } from 'payos-contract';
import type { View } from './api.ts';
import { type CardFields, ofNewCard, ofSavedCard, openCardFields } from './card-fields.ts';
import { element } from './element.ts';
import { formatMoney } from './money.ts';
import { fill, type Language } from './texts/texts.ts';

type Chosen = Omit<schemas.ConfirmCheckout, 'try'>;

export type PayForm = {
  readonly element: HTMLFormElement;
  /** Says what went wrong, where a screen reader hears it. */
  complain(text: string | undefined): void;
  setBusy(busy: boolean): void;
  /** What the visitor pays with; undefined when a field said what is wrong. */
  choose(): Promise<Chosen | undefined>;
  /** After a card was declined. */
  again(problem: schemas.CheckoutProblem): void;
};

const brands: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  maestro: 'Maestro',
};

/** What can be filled in: saved cards, the fields of a new one, and the button. */
export function payForm(view: View, { texts, locale }: Language, onPay: () => void): PayForm {
  const alert = element('p', { class: 'problem', role: 'alert', tabindex: '-1', hidden: true });
  const { collect_key: key } = view;
  const fields =
    key === null ? undefined : openCardFields(key, locale, ofNewCard, texts.cardDetails, onPay);
  const asksCode = view.saved_card_code === 'required' && view.saved_cards.length > 0;
  const code =
    key === null || !asksCode
      ? undefined
      : openCardFields(key, locale, ofSavedCard, texts.savedCode, onPay);
  const amount = formatMoney(view.amount, view.currency, locale);
  const pay = element('button', { type: 'submit', class: 'pay' }, fill(texts.pay, { amount }));
  const save = element('input', { type: 'checkbox', id: 'save' });
  const newCard = element(
    'div',
    { class: 'new-card' },
    fields?.element ?? element('p', { class: 'problem' }, texts.noFields),
    view.may_save
      ? element('label', { class: 'save', for: 'save' }, save, ` ${texts.save}`)
      : undefined,
  );
  const form = element('form', { novalidate: true }, alert);
  const savedCode = asksCode
    ? element(
        'div',
        { class: 'saved-code' },
        code?.element ?? element('p', { class: 'problem' }, texts.noFields),
      )
    : element('div', { hidden: true });
  const saved = savedCards(view, { texts, locale }, (id) => {
    newCard.hidden = id !== '';
    savedCode.hidden = id === '' || !asksCode;
    // It is of one card.
    code?.clearCode();
  });
  form.append(...(saved === undefined ? [] : [saved.element, savedCode]), newCard, pay);
  newCard.hidden = saved !== undefined;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onPay();
  });

  function complain(text: string | undefined): void {
    alert.textContent = text ?? '';
    alert.hidden = text === undefined;
    if (text !== undefined) alert.focus();
  }
  return {
    element: form,
    complain,
    setBusy(busy) {
      form.setAttribute('aria-busy', String(busy));
      pay.disabled = busy;
      pay.textContent = busy ? texts.paying : fill(texts.pay, { amount });
    },
    async choose() {
      const id = saved?.chosen() ?? '';
      if (id !== '' && !asksCode) return { payment_method: id };
      const collected = await collect(id === '' ? fields : code, complain, texts.noFields);
      if (collected === undefined) return undefined;
      if (id !== '') return { payment_method: id, cvc_token: collected };
      return { token: collected, ...(save.checked && { save: true }) };
    },
    again(problem) {
      complain(texts.problems[problem]);
      if (problem !== 'incorrect_cvc') return;
      fields?.clearCode();
      code?.clearCode();
    },
  };
}

/** The token of what was typed; undefined when it said what is wrong. */
async function collect(
  fields: CardFields | undefined,
  complain: (text: string) => void,
  noFields: string,
): Promise<string | undefined> {
  const result = fields === undefined ? { problem: noFields } : await fields.collect();
  if ('token' in result) return result.token;
  complain(result.problem);
  return undefined;
}

/** Saved cards to choose among; the newest is chosen. Undefined where there are none. */
function savedCards(
  { saved_cards: cards }: View,
  { texts, locale }: Pick<Language, 'texts' | 'locale'>,
  onChoose: (id: string) => void,
) {
  if (cards.length === 0) return undefined;
  const choices = [...cards.map(({ id, card }) => ({ id, ...labels(card) })), { id: '' }];
  const box = element('fieldset', { class: 'cards' });
  box.append(element('legend', {}, texts.chooseCard));
  for (const [index, choice] of choices.entries()) {
    const attributes = { type: 'radio', name: 'card', value: choice.id, checked: index === 0 };
    const radio = element('input', attributes);
    radio.addEventListener('change', () => onChoose(choice.id));
    const lines =
      'name' in choice
        ? [element('span', {}, choice.name), element('small', {}, choice.expires)]
        : [element('span', {}, texts.newCard)];
    box.append(element('label', {}, radio, element('span', { class: 'name' }, ...lines)));
  }

  function labels({ brand, last4, exp_month, exp_year }: View['saved_cards'][number]['card']) {
    const end = new Date(Date.UTC(exp_year, exp_month - 1));
    const date = new Intl.DateTimeFormat(locale, {
      ...{ month: '2-digit', year: 'numeric', timeZone: 'UTC' },
    } as const).format(end);
    return {
      name: fill(texts.savedCard, { brand: brands[brand] ?? brand, last4 }),
      expires: fill(texts.cardExpires, { date }),
    };
  }
  return {
    element: box,
    chosen: () => box.querySelector<HTMLInputElement>('input:checked')?.value ?? '',
  };
}
