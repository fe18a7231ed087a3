import { createApi } from './api.ts';
import { Checkout } from './checkout.ts';
import { element } from './element.ts';
import { createShell } from './shell.ts';
import { chooseLanguage } from './texts/texts.ts';

const page = document.querySelector<HTMLElement>('#page');
if (page === null) throw new Error('the page has no place');
const language = chooseLanguage(navigator.languages);
const shell = createShell(page, language);
const [, session] = /^\/checkout\/(cs_\w+)$/.exec(window.location.pathname) ?? [];
const secret = window.location.hash.slice(1);
if (session === undefined || secret === '') {
  shell.show(language.texts.invalid, element('p', {}, language.texts.invalidText));
} else {
  new Checkout(shell, createApi(session, secret), language).open();
}
// Another session in the same tab: nothing of this one may stay.
window.addEventListener('hashchange', () => window.location.reload());
