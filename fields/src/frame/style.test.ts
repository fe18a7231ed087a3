import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLooks } from './style.ts';

const valuesOf = (base: Record<string, unknown>) => Object.fromEntries(readLooks({ base }).values);

describe('the looks of a field', () => {
  it('are properties and values of a list', () => {
    const base = {
      color: '#1a2b3c',
      backgroundColor: 'rgb(255 255 255 / 50%)',
      caretColor: 'oklch(62.8% 0.25 29)',
      placeholderColor: 'rebeccapurple',
      fontFamily: '"Source Sans 3", Inter, sans-serif',
      fontSize: '1.125rem',
      fontWeight: '600',
      letterSpacing: '0.02em',
      lineHeight: '1.4',
      padding: '0.5em 12px',
      textAlign: 'end',
    };
    assert.equal(Object.keys(valuesOf(base)).length, Object.keys(base).length);
    assert.equal(valuesOf(base)['--base-background-color'], 'rgb(255 255 255 / 50%)');
  });

  it('never load, compute, move, hide or cover anything', () => {
    const hostile: Record<string, string[]> = {
      color: [
        'url(https://evil.example/)',
        'red; background: url(//evil.example)',
        'var(--x)',
        'red}body{display:none',
        'image-set("a" 1x)',
        'expression(alert(1))',
        'rgb(0,0,0',
        'red/**/',
        'red\n',
        'attr(value)',
      ],
      backgroundColor: ['url(a.png)', 'linear-gradient(red, blue)', 'element(#number)'],
      fontFamily: ['a, url(x)', 'x; src: y', '"a\\"', 'a{}', "'a"],
      fontSize: ['0', '0px', '1px', '900px', '-16px', 'calc(1px)', '100vw', '0.em', '5em'],
      padding: ['-5px', '1000px', '50vh', '1px 2px 3px 4px 5px', 'calc(1px + 1px)'],
      letterSpacing: ['-100px', '1000em'],
      lineHeight: ['0', '900px', '-1'],
      textAlign: ['justify-all', 'left;'],
      fontWeight: ['9999', '400;'],
    };
    for (const [name, values] of Object.entries(hostile)) {
      for (const value of values) assert.deepEqual(valuesOf({ [name]: value }), {}, value);
    }
    const names = ['position', 'opacity', 'transform', 'zIndex', 'display', 'content', 'src'];
    names.push('__proto__', 'constructor', 'background-color', 'textSecurity', 'filter', 'width');
    for (const name of names) assert.deepEqual(valuesOf({ [name]: 'red' }), {}, name);
    assert.deepEqual(
      valuesOf({ color: ['red'], fontSize: 16, padding: { toString: () => '1px' } }),
      {},
    );
  });

  it('have states, which have colours only', () => {
    const { values } = readLooks({
      invalid: { color: 'red', fontSize: '16px' },
      'focus;': { color: 'red' },
      hover: { color: 'red' },
    });
    assert.deepEqual([...values], [['--invalid-color', 'red']]);
  });

  it('follow a scheme of three', () => {
    assert.equal(readLooks({ colorScheme: 'dark' }).scheme, 'dark');
    assert.equal(readLooks({ colorScheme: 'only light; x' }).scheme, 'light');
    for (const nothing of [undefined, null, 'dark', 7, []]) {
      assert.deepEqual(readLooks(nothing), { scheme: 'light', values: new Map() });
    }
  });

  it('take no time to be refused', () => {
    const long = valuesOf({ fontFamily: 'a, '.repeat(90), color: 'rgb(1 1 1 '.padEnd(299, ' ') });
    assert.deepEqual(long, {});
  });
});
