import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { markJson } from '../src/features/activity/mark-json.ts';
import { pageOf } from '../src/features/activity/object-links.ts';
import { endOf, issuedAs } from '../src/features/customers/card-facts.ts';
import { firstPaymentCommands, vaultUrlOf } from '../src/features/home/first-payment-commands.ts';
import { courseOf, totalsOf } from '../src/features/home/report-sums.ts';
import { periodQuery, todayQuery, yesterdayQuery } from '../src/features/home/report-times.ts';
import { csvLine } from '../src/features/payments/csv.ts';
import { explainDecline, explainFailure } from '../src/features/payments/explain.ts';
import {
  countFurther,
  isView,
  paymentQuery,
  views,
} from '../src/features/payments/payment-query.ts';
import { sayAttempt } from '../src/features/payments/say-attempt.ts';
import { timelineOf } from '../src/features/payments/timeline-entries.ts';
import { amountText, parseAmount } from '../src/shared/amount-input.ts';
import { curlOf } from '../src/shared/curl.ts';
import { createdRange } from '../src/shared/time-range.ts';

describe('an amount that is typed', () => {
  const cases: [text: string, currency: string, minor: number | undefined][] = [
    ['19.99', 'EUR', 1999],
    ['19,99', 'EUR', 1999],
    [' 5 ', 'EUR', 500],
    ['5.', 'EUR', 500],
    ['.5', 'EUR', 50],
    ['1,234', 'EUR', 123_400],
    ['1,234.50', 'EUR', 123_450],
    ['1.234,50', 'EUR', 123_450],
    ["1'234.50", 'CHF', 123_450],
    ['12 345,6', 'EUR', 1_234_560],
    ['1234', 'JPY', 1234],
    ['1,234', 'JPY', 1234],
    ['1.234', 'BHD', 1234],
    ['0.001', 'BHD', 1],
    ['1,234', 'BHD', 1_234_000],
    ['9999999999.99', 'EUR', 999_999_999_999],
  ];
  for (const [text, currency, minor] of cases) {
    it(`${text} ${currency} is ${minor} minor units`, () => {
      assert.equal(parseAmount(text, currency), minor);
    });
  }

  const refused: [text: string, currency: string][] = [
    ['', 'EUR'],
    ['.', 'EUR'],
    ['0', 'EUR'],
    ['0.00', 'EUR'],
    ['-5', 'EUR'],
    ['1e3', 'EUR'],
    ['19.999', 'EUR'],
    ['1.5', 'JPY'],
    ['1.2345', 'BHD'],
    ['1.2.3', 'EUR'],
    ['12 34', 'EUR'],
    ['1,23.45', 'EUR'],
    ['€5', 'EUR'],
    ['10000000000', 'EUR'],
  ];
  for (const [text, currency] of refused) {
    it(`${JSON.stringify(text)} is no amount of ${currency}`, () => {
      assert.equal(parseAmount(text, currency), undefined);
    });
  }

  it('reads what it writes', () => {
    for (const currency of ['EUR', 'JPY', 'BHD']) {
      for (const amount of [1, 9, 10, 99, 100, 1999, 123_456_789]) {
        assert.equal(parseAmount(amountText(amount, currency), currency), amount);
      }
    }
  });
});

describe('a line of CSV', () => {
  it('quotes what would break it', () => {
    assert.equal(csvLine(['a', 1, null, 'b,c', 'd"e', 'f\ng']), 'a,1,,"b,c","d""e","f\ng"\r\n');
  });

  it('runs nothing in a spreadsheet', () => {
    for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1', '\n@x']) {
      const [cell] = csvLine([text]).split('\r\n', 1);
      assert.match(cell ?? '', /^"?'/, text);
    }
    assert.equal(csvLine(['order-1', 'a=b']), 'order-1,a=b\r\n');
  });
});

describe('the address of a list', () => {
  it('becomes the query of the API', () => {
    const params = new URLSearchParams('q=%20ada%20&status=failed&after=pay_1&foo=1&reference=');
    assert.deepEqual(paymentQuery(params), { q: 'ada', status: 'failed' });
  });

  const nowMs = Date.parse('2026-11-23T10:00:30.500Z');
  const range = (text: string, at = nowMs) => createdRange(new URLSearchParams(text), at);

  it('keeps a range that moves with the clock, in full minutes', () => {
    assert.deepEqual(range('range=24h'), { created_after: '2026-11-22T10:00:00.000Z' });
    assert.deepEqual(range('range=24h'), range('range=24h', nowMs + 9));
    assert.deepEqual(range('range=forever'), {});
  });

  it('takes times of the reader only with a range of their own', () => {
    const local = '2026-11-01T10:00';
    const times = `created_after=${local}&created_before=nonsense`;
    const created_after = new Date(local).toISOString();
    assert.deepEqual(range(`range=custom&${times}`), { created_after });
    assert.deepEqual(range(times), {});
  });

  it('is a view when its filters are, wherever in the list one is', () => {
    const failed = views.find(({ label }) => label.startsWith('Failed'))?.search ?? '';
    assert.ok(isView(new URLSearchParams(`${failed}&after=pay_1`), failed));
    assert.ok(!isView(new URLSearchParams(`${failed}&currency=EUR`), failed));
    assert.ok(!isView(new URLSearchParams(failed), ''));
    assert.equal(countFurther(new URLSearchParams('q=a&currency=EUR&last4=4242')), 2);
  });
});

describe('what happened to a payment', () => {
  const attempt = (id: string, kind: string, created_at: string) =>
    ({ id, kind, created_at, state: 'succeeded', refund: null }) as never;
  const payment = (attempts: never[]) =>
    ({ id: 'pay_1', created_at: '2026-01-01T00:00:00.000Z', attempts }) as never;

  it('is told newest first, causes below their effects', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const entries = timelineOf(payment([attempt('att_1', 'authorize', at)]), [], [
      { id: 'evt_1', created_at: at },
    ] as never);
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['event', 'attempt', 'created'],
    );
  });

  it('knows which try belongs to which refund', () => {
    const at = '2026-01-02T00:00:00.000Z';
    const tried = (refund: string | null) =>
      ({
        id: `att_${refund}`,
        kind: 'refund',
        created_at: at,
        state: 'succeeded',
        refund,
      }) as never;
    const entries = timelineOf(
      payment([tried('re_2'), tried(null), tried('re_9')]),
      [{ id: 're_1' }, { id: 're_2' }] as never,
      [],
    );
    const refunds = entries.flatMap((entry) =>
      entry.kind === 'attempt' ? [entry.refund?.id] : [],
    );
    assert.deepEqual(refunds.sort(), ['re_2', undefined, undefined]);
  });

  it('is said in words, also where nobody knows the code', () => {
    const declined = { kind: 'authorize', state: 'declined', decline_code: 'lost_card' } as never;
    const said = sayAttempt(declined, '€1.00');
    assert.equal(said.title, '€1.00 not approved');
    assert.match(said.reason?.advice ?? '', /Do not say why/);
    assert.equal(explainDecline('some_new_code').text, 'Some new code');
    assert.match(explainFailure('not_sent: host refused').text, /Not sent: host refused/);
  });
});

describe('what developers copy', () => {
  it('is one request, whatever is in it', () => {
    const url = "https://pay.example/v1/x?name=it's";
    const command = curlOf({ method: 'DELETE', url, body: { a: "b'c" } });
    assert.match(command, /-X DELETE/);
    assert.doesNotMatch(command, /cacert/);
    const words = spawnSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${command}`], {
      env: { SECRET_KEY: 'sk' },
      encoding: 'utf8',
    }).stdout.split('\n');
    assert.ok(words.includes(url));
    assert.ok(words.includes('{"a":"b\'c"}'));
    assert.ok(words.includes('Authorization: Bearer sk'));
  });

  it('pays with the token that the first command got', () => {
    const { token, payment } = firstPaymentCommands(
      'https://localhost:1',
      'https://v.example',
      2031,
    );
    const answers = `*tokens*) echo '{"id":"tok_9","a":1}';; *) printf "%s\\n" "$@";;`;
    const fake = `curl() { case "$*" in ${answers} esac; }`;
    const { stdout } = spawnSync('sh', ['-c', `${fake}\n${token}\n${payment}`], {
      env: { SECRET_KEY: 'sk', CA_FILE: '/ca.pem', PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    const words = stdout.split('\n');
    assert.ok(words.includes('{"amount":1999,"currency":"EUR","token":"tok_9"}'), stdout);
    assert.ok(words.includes('Idempotency-Key: first-tok_9'));
  });

  it('finds the vault in the OpenAPI document, if it is there', () => {
    const servers = [{ url: 'https://v.example' }];
    assert.equal(vaultUrlOf({ paths: { '/v1/tokens': { servers } } }), 'https://v.example');
    for (const other of [undefined, null, 'x', {}, { paths: {} }]) {
      assert.equal(vaultUrlOf(other), undefined);
    }
  });

  it('tells the kinds of values in JSON apart, and loses nothing', () => {
    const text = JSON.stringify({ a: 'b "c": 1', d: [-1.5e3, true, null], e: {} }, null, 2);
    const parts = markJson(text);
    assert.equal(parts.map((part) => part.text).join(''), text);
    const of = (kind: string) => parts.filter((part) => part.kind === kind).map(({ text }) => text);
    assert.deepEqual(of('key'), ['"a"', '"d"', '"e"']);
    assert.deepEqual(of('text'), ['"b \\"c\\": 1"']);
    assert.deepEqual(of('number'), ['-1500']);
    assert.deepEqual(of('word'), ['true', 'null']);
  });

  it('leads to pages that exist', () => {
    assert.equal(pageOf('pay_1'), '/payments/pay_1');
    assert.equal(pageOf('constructor_1'), undefined);
    assert.equal(pageOf('tok_1'), undefined);
  });
});

describe('the numbers of the home page', () => {
  it('add up what can be added, whatever the currency', () => {
    const step = (hour: number, authorized: number, failed: number) => ({
      start: `2026-01-01T0${hour}:00:00.000Z`,
      authorized,
      failed,
    });
    const of = (currency: string, series: unknown[]) =>
      ({ currency, payments: 5, authorized: 3, failed: 2, series }) as never;
    const report = {
      currencies: [
        of('EUR', [step(0, 1, 0), step(1, 2, 2)]),
        of('JPY', [step(0, 3, 1), step(1, 0, 1)]),
      ],
    } as never;
    assert.deepEqual(totalsOf(report), { payments: 10, authorized: 6, failed: 4 });
    assert.deepEqual(courseOf(report), {
      times: ['2026-01-01T00:00:00.000Z', '2026-01-01T01:00:00.000Z'],
      authorized: [4, 2],
      failed: [1, 3],
    });
    assert.deepEqual(courseOf({ currencies: [] } as never).times, []);
  });

  it('compare with yesterday until the same time of day', () => {
    const at = (day: number, hour: number, minute = 0) => new Date(2026, 5, day, hour, minute);
    const query = yesterdayQuery(at(2, 14, 37).getTime());
    assert.equal(query?.from, at(1, 0).toISOString());
    assert.equal(query?.to, at(1, 14, 30).toISOString());
    assert.equal(yesterdayQuery(at(2, 0, 5).getTime()), undefined);
    assert.equal(todayQuery(at(2, 14).getTime()).to, at(3, 0).toISOString());
  });

  it('ask the same question until there is another hour, or day', () => {
    const at = (hour: number, minute: number) => new Date(2026, 5, 2, hour, minute).getTime();
    assert.deepEqual(periodQuery('24h', at(14, 1)), periodQuery('24h', at(14, 59)));
    assert.deepEqual(periodQuery('7d', at(0, 1)), periodQuery('7d', at(23, 59)));
    const { from, to } = periodQuery('24h', at(14, 1));
    assert.equal(Date.parse(to) - Date.parse(from), 24 * 3_600_000);
  });
});

describe('a saved card', () => {
  const card = { brand: 'visa', last4: '4242', bin: '424242', funding: null, country: null };
  const now = Date.UTC(2026, 10, 23);

  it('is said to end from two months before', () => {
    const ends = (exp_month: number, exp_year: number) =>
      endOf({ ...card, exp_month, exp_year }, now);
    assert.deepEqual(
      [ends(10, 2026), ends(11, 2026), ends(1, 2027), ends(2, 2027)],
      ['expired', 'soon', 'soon', undefined],
    );
  });

  it('is of a kind and a country, as far as anybody knows', () => {
    const facts = { ...card, exp_month: 1, exp_year: 2030 };
    assert.equal(issuedAs(facts), '');
    assert.equal(issuedAs({ ...facts, funding: 'prepaid' }), 'Prepaid card');
    assert.equal(
      issuedAs({ ...facts, funding: 'debit', country: 'DE' }),
      'Debit card from Germany',
    );
  });
});
