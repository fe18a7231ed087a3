import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Circumstances, weaknessesOf } from './hardening.ts';

const sound: Circumstances = {
  execArgv: ['--disable-sigusr1', '--disable-warning=ExperimentalWarning', '--secure-heap=65536'],
  env: { PATH: '/bin', NODE_COMPILE_CACHE: '/cache', NODE_OPTIONS: '' },
  inspectorUrl: undefined,
  limits: 'Limit\nMax core file size         0                    0                    bytes\n',
  coreFilter: '00000000\n',
  status: 'Name:\tnode\nTracerPid:\t0\n',
};
const limits = (text: string) => `Max core file size         ${text}            unlimited  bytes\n`;
const flag = (text: string) => ({ execArgv: [...sound.execArgv, text] });

describe('a process that holds cards', () => {
  it('is sound when nothing lets its memory out', () => {
    assert.deepEqual(weaknessesOf(sound), []);
  });

  const weak: [Partial<Circumstances>, RegExp][] = [
    [{ limits: limits('unlimited') }, /Core dumps are on/],
    [{ limits: limits('1048576') }, /Core dumps are on/],
    [{ limits: undefined }, /Core dumps are on/],
    [{ coreFilter: '00000033\n' }, /hold memory/],
    [{ coreFilter: undefined }, /hold memory/],
    [{ execArgv: [] }, /--disable-sigusr1/],
    [flag('--inspect=0.0.0.0:9229'), /started with --inspect\./],
    [flag('--inspect-wait'), /started with --inspect-wait/],
    [flag('--heapsnapshot-signal=SIGUSR2'), /--heapsnapshot-signal/],
    [flag('--heapsnapshot-near-heap-limit=2'), /--heapsnapshot-near-heap-limit/],
    [flag('--report-on-fatalerror'), /--report-on-fatalerror/],
    [flag('--abort-on-uncaught-exception'), /--abort-on-uncaught-exception/],
    [flag('--import=./apm.mjs'), /started with --import\./],
    [flag('-r'), /started with -r/],
    [flag('--tls-keylog=keys'), /--tls-keylog/],
    [flag('4242424242424242'), /started with something else/],
    [{ env: { NODE_OPTIONS: '--require x' } }, /The environment has NODE_OPTIONS\./],
    [{ env: { NODE_DEBUG: 'tls', LD_PRELOAD: 'x' } }, /NODE_DEBUG, LD_PRELOAD/],
    [{ inspectorUrl: 'ws://127.0.0.1:9229/x' }, /inspector is open/],
    [{ status: 'TracerPid:\t77\n' }, /traces this one/],
  ];
  for (const [change, message] of weak) {
    it(`is not: ${JSON.stringify(change)}`, () => {
      const found = weaknessesOf({ ...sound, ...change });
      assert.equal(found.length, 1, found.join(' '));
      assert.match(found[0] ?? '', message);
    });
  }
});
