import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { lengthPrefixed, splitLengthPrefixed } from './bytes.ts';
import { createListener } from './listener.ts';
import { createLog, describeError, type LogFields, maskCards } from './log.ts';
import { createRateLimiter } from './rate-limit.ts';
import { createUsedOnce } from './used-once.ts';

describe('length-prefixed bytes', () => {
  it('keep parts apart', () => {
    const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], []];
    const forms = new Set(lists.map((list) => lengthPrefixed(list).toString('hex')));
    assert.equal(forms.size, lists.length);
    for (const list of lists) {
      assert.deepEqual(splitLengthPrefixed(lengthPrefixed(list)).map(String), list);
    }
  });
});

describe('what may be used once', () => {
  it('is remembered for its time at least, and then forgotten', () => {
    let now = 0;
    const used = createUsedOnce(40, 2, () => now);
    assert.equal(used.take('a'), 'first');
    for (now of [0, 39, 40, 79]) assert.equal(used.take('a'), 'again', String(now));
    now = 80;
    assert.equal(used.take('a'), 'first');
    now = 119;
    assert.equal(used.take('b'), 'first');
    now = 158;
    assert.equal(used.take('b'), 'again');
    now = 1_000;
    assert.equal(used.take('b'), 'first');
  });

  it('is refused rather than forgotten too early', () => {
    const used = createUsedOnce(40, 2, () => 0);
    assert.deepEqual(['a', 'b', 'c', 'a'].map(used.take), ['first', 'first', 'full', 'again']);
  });
});

describe('an answer', () => {
  it('with a card number in it is not sent, and told of', async () => {
    const body = { a: ['x', { b: '4242 4242 4242 4242' }] };
    const events: string[] = [];
    const log = (_level: string, event: string) => void events.push(event);
    const answer = async () => ({ status: 200, body });
    const server = createServer(createListener({ '/': { GET: answer } }, log)).listen(0);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const reply = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(reply.status, 500);
    assert.doesNotMatch(await reply.text(), /4242/);
    assert.deepEqual(events, ['card_data_found', 'request']);
    server.closeAllConnections();
    server.close();
  });
});

describe('a rate limiter', () => {
  it('lets a second’s worth through at once and then one by one', () => {
    let now = 0;
    const limiter = createRateLimiter(10, () => now);
    const take = () => limiter.take('a', 5);
    const first = Array.from({ length: 8 }, take);
    assert.deepEqual(
      first.map(({ allowed }) => allowed),
      [true, true, true, true, true, false, false, false],
    );
    assert.deepEqual(
      first.map(({ remaining }) => remaining),
      [4, 3, 2, 1, 0, 0, 0, 0],
    );
    assert.equal(first.at(-1)?.retryAfter, 1);
    now = 199;
    assert.equal(take().allowed, false);
    now = 200;
    assert.equal(limiter.peek('a', 5).allowed, true);
    assert.equal(take().allowed, true);
    assert.equal(take().allowed, false);
    assert.equal(limiter.take('b', 5).allowed, true);
    now = 10_000;
    assert.deepEqual(take(), { allowed: true, remaining: 4, reset: 1, retryAfter: 0 });
  });

  it('keeps to the rate over time', () => {
    let now = 0;
    const limiter = createRateLimiter(10, () => now);
    let allowed = 0;
    for (now = 0; now < 10_000; now += 1) if (limiter.take('a', 50).allowed) allowed += 1;
    assert.equal(allowed, 549);
  });

  it('remembers a bounded number of keys', () => {
    const limiter = createRateLimiter(2, () => 0);
    assert.equal(limiter.take('a', 1).allowed, true);
    assert.equal(limiter.take('a', 1).allowed, false);
    limiter.take('b', 1);
    limiter.take('c', 1);
    assert.equal(limiter.take('a', 1).allowed, true);
  });
});

describe('the log', () => {
  it('masks what looks like a card number, and nothing else', () => {
    const number = '4242424242424242';
    for (const form of [number, '4242 4242 4242 4242', '4242-4242-4242-4242']) {
      assert.equal(maskCards(`{"a":"${form}"}`), '{"a":"[card number removed]"}');
    }
    const fine = ['2026-11-23T12:00:00.000Z', 'tok_4242424242424242abcdefgh', '"duration_ms":12.5'];
    for (const text of fine) assert.equal(maskCards(text), text);
  });

  it('tells of a card number that it removed', () => {
    let written = '';
    const { log, flush, onCardData } = createLog(
      'warn',
      (text) => (written += text),
      () => 0,
    );
    const told: LogFields[] = [];
    onCardData((fields) => told.push(fields));
    log('warn', 'x', { actor: '5555 5555 5555 4444' });
    assert.deepEqual(told, [{ outcome: 'removed', detail: 'log', count: 1 }]);
    flush();
    assert.doesNotMatch(written, /5555/);
    assert.match(written, /"event":"card_data_found",.*"detail":"log","count":1/);
  });

  it('writes what is severe enough, when flushed too', () => {
    let written = '';
    const write = (text: string) => {
      written += text;
    };
    const { log, flush } = createLog('warn', write, () => 0);
    log('info', 'quiet');
    log('error', 'loud', { code: 'x', actor: '4242424242424242' });
    assert.equal(written, '');
    flush();
    flush();
    const line = { time: '1970-01-01T00:00:00.000Z', level: 'error', event: 'loud', code: 'x' };
    assert.deepEqual(JSON.parse(written.split('\n')[0] ?? ''), {
      ...line,
      actor: '[card number removed]',
    });
  });

  it('says of an error where it was, never what it held', () => {
    const error = Object.assign(new Error('duplicate 4242424242424242'), { code: '23505' });
    const text = describeError(error);
    assert.match(text, /^Error 23505 at /);
    assert.doesNotMatch(text, /4242/);
    assert.equal(describeError('4242'), 'string');
  });
});
