import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, textOn } from './colour.ts';

test('contrast is that of WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  assert.equal(contrast('#123456', '#123456'), 1);
});

test('what stands on a colour can be read, whatever the colour', () => {
  const steps = Array.from({ length: 18 }, (_, index) =>
    (index * 15).toString(16).padStart(2, '0'),
  );
  for (const red of steps) {
    for (const green of steps) {
      for (const blue of steps) {
        const colour = `#${red}${green}${blue}`;
        assert.ok(contrast(colour, textOn(colour)) >= 4.5, colour);
      }
    }
  }
});
