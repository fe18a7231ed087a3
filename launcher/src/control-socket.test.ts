import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { takeControl } from './control-socket.ts';
import { testFolder } from './testing.ts';

const root = testFolder('control');
const newFolder = () => mkdtempSync(join(root, 'run-'));

/** Another process that takes control and holds it until it is killed. */
async function owner(run: string) {
  const module = join(import.meta.dirname, 'control-socket.ts');
  const code = `
    const { takeControl } = await import(${JSON.stringify(module)});
    await takeControl(${JSON.stringify(run)}, 'the first one');
    process.send('taken');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

describe('the claim to a data directory', () => {
  it('is refused while another launcher has it, and free after kill -9', async () => {
    const run = newFolder();
    const first = await owner(run);
    await assert.rejects(takeControl(run, 'the second one'), {
      name: 'Refusal',
      message: /already running here \(the first one\)/,
    });
    first.kill('SIGKILL');
    await once(first, 'exit');
    assert.ok(existsSync(join(run, 'launcher.sock')), 'the test needs the stale socket');
    const control = await takeControl(run, 'the second one');
    control.release();
    assert.deepEqual(readdirSync(run), []);
  });

  it('goes to exactly one of many that come together, over a stale socket', async () => {
    const run = newFolder();
    const first = await owner(run);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const module = join(import.meta.dirname, 'control-socket.ts');
    const code = `
      const { takeControl } = await import(${JSON.stringify(module)});
      await takeControl(${JSON.stringify(run)}, 'me').then(
        () => process.send('taken'),
        (error) => process.send(error.name),
      );
      process.on('message', () => process.exit());`;
    const children = [1, 2, 3, 4].map(() =>
      spawn(process.execPath, ['--input-type=module', '--eval', code], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    const outcomes = await Promise.all(
      children.map(async (child) => (await once(child, 'message'))[0]),
    );
    for (const child of children) child.send('end');
    await Promise.all(children.map((child) => once(child, 'exit')));
    assert.deepEqual(outcomes.sort(), ['Refusal', 'Refusal', 'Refusal', 'taken']);
  });
});
