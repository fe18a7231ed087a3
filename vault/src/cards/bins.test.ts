import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBinTable, firstOf } from './bins.ts';
import { Card } from './card.ts';
import { displayOf } from './display.ts';
import { readBins } from './read-bins.ts';
import { shippedBins } from './shipped-bins.ts';
import { testCards } from './test-cards.ts';

const head = 'from,to,funding,country';
const read = (...lines: string[]) => readBins([head, ...lines, ''].join('\n'));

describe('a file of BIN data', () => {
  it('is read with ranges of six to eight digits, in any order', () => {
    const { ranges, mistakes } = read(
      '51234599,51234599,,DE',
      '400000,400099,debit,',
      '4111110,4111119,prepaid,US',
    );
    assert.deepEqual(mistakes, []);
    assert.deepEqual(ranges, [
      { from: 40_000_000, to: 40_009_999, funding: 'debit', country: null },
      { from: 41_111_100, to: 41_111_199, funding: 'prepaid', country: 'US' },
      { from: 51_234_599, to: 51_234_599, funding: null, country: 'DE' },
    ]);
    assert.deepEqual(readBins(`\ufeff${head}\r\n400000,400099,debit,\r\n`).mistakes, []);
  });

  it('is refused with the line that is wrong, of which nothing is repeated', () => {
    const wrong: Record<string, RegExp> = {
      '400000,400099,debit': /3 columns/,
      '4242424242424242,4242424242424242,credit,US': /from is not 6 to 8 digits/,
      '４２４２４２,424242,credit,US': /from/,
      '40000,400099,credit,US': /from/,
      '400099,400000,credit,US': /to is before from/,
      '400000,400099,charge,US': /funding/,
      '400000,400099,credit,usa': /country/,
      '400000,400099,credit,4242424242424242': /country/,
    };
    for (const [line, why] of Object.entries(wrong)) {
      const { mistakes } = read('510000,510099,,', line);
      assert.equal(mistakes.length, 1, line);
      assert.match(mistakes[0] ?? '', why);
      assert.match(mistakes[0] ?? '', /^line 3: /);
      assert.doesNotMatch(mistakes[0] ?? '', /\d{5}/);
    }
    assert.match(read('400000,400099,,', '40005000,40005999,,').mistakes[0] ?? '', /overlaps/);
    assert.match(readBins('bin,country\n').mistakes[0] ?? '', /first line/);
    const many = read(...Array.from({ length: 50 }, () => 'x'));
    assert.equal(many.mistakes.length, 20);
  });
});

describe('a table of BINs', () => {
  const ranges = Array.from({ length: 10_000 }, (_, index) => ({
    from: index * 1_000,
    to: index * 1_000 + 499,
    funding: 'debit' as const,
    country: String.fromCharCode(65 + (index % 26), 65),
  }));
  const table = createBinTable(ranges);

  it('answers what a look through all of it answers', () => {
    for (let prefix = 0; prefix < 10_100_000; prefix += 997) {
      const found = ranges.find(({ from, to }) => prefix >= from && prefix <= to);
      assert.equal(table(prefix)?.country, found?.country, String(prefix));
      if (prefix > 300_000) prefix += 100_003;
    }
    for (const { from, to, country } of ranges.slice(0, 50)) {
      assert.deepEqual(table(from), { funding: 'debit', country });
      assert.deepEqual(table(to), { funding: 'debit', country });
      assert.equal(table(to + 1), undefined);
    }
    assert.equal(createBinTable([])(1), undefined);
  });

  it('of the operator comes first', () => {
    const both = firstOf(
      createBinTable([{ from: 42_424_242, to: 42_424_242, funding: null, country: 'AT' }]),
      shippedBins,
    );
    assert.equal(both(42_424_242)?.country, 'AT');
    assert.equal(both(40_000_566)?.funding, 'debit');
  });

  it('comes with every published test number', () => {
    for (const number of testCards) {
      const facts = shippedBins(Number(number.slice(0, 8)));
      assert.ok(facts?.funding && facts.country, number);
    }
  });
});

describe('what is shown of a card', () => {
  it('is the first six and the last four digits, although eight are looked up', () => {
    for (const number of testCards) {
      const card = new Card(Buffer.from(number), 12, 2040, 'Ada');
      const shown = displayOf(card, shippedBins);
      assert.deepEqual([shown.bin, shown.last4], [number.slice(0, 6), number.slice(-4)]);
      for (let from = 0; from + 7 <= number.length; from += 1) {
        assert.ok(!JSON.stringify(shown).includes(number.slice(from, from + 7)), number);
      }
    }
    const unknown = displayOf(
      new Card(Buffer.from('4999999999999'), 1, 2040, undefined),
      () => undefined,
    );
    assert.deepEqual([unknown.funding, unknown.country], [null, null]);
  });
});
