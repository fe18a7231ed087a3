import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeLengths, findBrand } from './brand.ts';
import { codeRules } from './code.ts';
import { asciiDigits, digitsOf } from './digits.ts';
import { expiryRules } from './expiry.ts';
import { passesLuhn } from './luhn.ts';
import { numberRules } from './number.ts';
import type { PartRules } from './part.ts';
import { retype } from './retype.ts';

const expiry = expiryRules(() => ({ year: 2026, month: 11 }));

describe('digits', () => {
  it('are those of our languages, as ASCII', () => {
    assert.equal(asciiDigits('٤٢ ۴۲ ４２'), '42 42 42');
    assert.equal(digitsOf('4242-4242 x٤٢'), '4242424242');
    // Digits of a script that nobody reads here are no digits of a card.
    assert.equal(digitsOf('𝟺𝟸 ᠔᠒'), '');
  });
});

describe('a number', () => {
  it('has a brand as soon as it can have no other', () => {
    const of = (digits: string) => findBrand(digits).brand;
    assert.deepEqual(['', '4', '5', '51', '2', '2221', '3', '37'].map(of), [
      ...['unknown', 'visa', 'unknown', 'mastercard'],
      ...['unknown', 'mastercard', 'unknown', 'amex'],
    ]);
    assert.deepEqual(['6011', '36', '3528', '62', '6', '50', '9'].map(of), [
      ...['discover', 'diners', 'jcb', 'unionpay', 'unknown', 'maestro', 'unknown'],
    ]);
  });

  it('stands in the groups of its brand', () => {
    const shown = (text: string) => numberRules.show(numberRules.read(text));
    assert.equal(shown('4242424242424242'), '4242 4242 4242 4242');
    assert.equal(shown('378282246310005'), '3782 822463 10005');
    assert.equal(shown('36227206271667'), '3622 720627 1667');
    assert.equal(shown('4242-4242/4242.42429999x'), '4242 4242 4242 4242 999');
    assert.equal(shown('3782822463100059999'), '3782 822463 10005');
  });

  it('is judged by length and check digit', () => {
    const cases: [string, string][] = [
      ['', 'incomplete'],
      ['4242', 'incomplete'],
      ['4242424242424242', 'complete'],
      ['4242424242424241', 'invalid'],
      ['424242424242424', 'invalid'],
      ['378282246310005', 'complete'],
      ['37828224631000', 'incomplete'],
      ['6011000990139424', 'complete'],
    ];
    for (const [digits, verdict] of cases) assert.equal(numberRules.judge(digits), verdict, digits);
    assert.equal(passesLuhn('4242424242424242'), true);
    assert.equal(passesLuhn('2424242424242424'), false);
  });
});

describe('an expiry date', () => {
  it('is read in every order that people and machines write it', () => {
    const forms = ['12/31', '12 / 31', '1231', '12/2031', '122031', '2031-12', '١٢/٣١', '12-31'];
    for (const form of forms) assert.equal(expiry.read(form), '1231', form);
    assert.equal(expiry.read('1/31'), '0131');
    assert.equal(expiry.read('2031-1'), '0131');
    assert.equal(expiry.read('1/'), '01');
    assert.equal(expiry.read('5'), '05');
    assert.equal(expiry.read('13'), '013');
    assert.equal(expiry.read('12 / 203'), '12203');
  });

  it('is judged against today', () => {
    const cases: [string, string][] = [
      ['', 'incomplete'],
      ['12', 'incomplete'],
      ['00', 'invalid'],
      ['1126', 'complete'],
      ['1026', 'expired'],
      ['1299', 'complete'],
    ];
    for (const [value, verdict] of cases) assert.equal(expiry.judge(value), verdict, value);
  });
});

describe('a security code', () => {
  it('is as long as the brand says', () => {
    const judge = (brand: 'amex' | 'visa' | 'unknown', code: string) =>
      codeRules(() => brand).judge(code);
    assert.deepEqual(codeLengths('amex'), [4]);
    assert.equal(judge('visa', '123'), 'complete');
    assert.equal(judge('visa', '1234'), 'invalid');
    assert.equal(judge('amex', '123'), 'incomplete');
    assert.equal(judge('amex', '1234'), 'complete');
    assert.equal(judge('unknown', '1234'), 'complete');
  });
});

/** Keys pressed one after another, the way they change text and caret. */
function typeInto(rules: PartRules, keys: readonly string[], text = '', caret = text.length) {
  let state = { value: rules.read(text), text, caret };
  for (const key of keys) {
    const { text: old, caret: at } = state;
    const isBack = key === 'Backspace';
    const isDelete = key === 'Delete';
    const changed = isBack
      ? { text: old.slice(0, Math.max(0, at - 1)) + old.slice(at), caret: Math.max(0, at - 1) }
      : isDelete
        ? { text: old.slice(0, at) + old.slice(at + 1), caret: at }
        : { text: old.slice(0, at) + key + old.slice(at), caret: at + key.length };
    const kind = isBack
      ? 'deleteContentBackward'
      : isDelete
        ? 'deleteContentForward'
        : 'insertText';
    state = retype(rules, state.value, changed, kind);
  }
  return `${state.text.slice(0, state.caret)}|${state.text.slice(state.caret)}`;
}

describe('the caret', () => {
  it('stays at the end while somebody types', () => {
    assert.equal(typeInto(numberRules, [...'42424']), '4242 4|');
    assert.equal(typeInto(expiry, [...'531']), '05 / 31|');
    assert.equal(typeInto(expiry, [...'12/2031']), '12 / 31|');
    assert.equal(typeInto(expiry, [...'1/31']), '01 / 31|');
  });

  it('stays after the digit that was put into the middle', () => {
    assert.equal(typeInto(numberRules, ['9'], '4242 4242', 2), '429|4 2424 2');
    assert.equal(typeInto(numberRules, ['9'], '4242 4242', 4), '4242 9|424 2');
  });

  it('takes the digit beside a separator that is deleted', () => {
    assert.equal(typeInto(numberRules, ['Backspace'], '4242 4242', 5), '424|4 242');
    assert.equal(typeInto(numberRules, ['Delete'], '4242 4242', 4), '4242| 242');
    assert.equal(typeInto(expiry, ['Backspace'], '12 / 3'), '12|');
    assert.equal(typeInto(expiry, [...'1231', ...Array(5).fill('Backspace')]), '|');
  });

  it('is behind what was pasted', () => {
    assert.equal(typeInto(numberRules, ['4242 4242 4242 4242']), '4242 4242 4242 4242|');
    assert.equal(typeInto(expiry, ['12/2031']), '12 / 31|');
  });
});
