import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ChangeLog } from './change-log.ts';
import type { KeyFeed } from './key-feed.ts';
import { Nodes } from './nodes.ts';
import { VaultChannel } from './vault-channel.ts';

const vault = 'vault-0000000000000000';
const change = (id: number) =>
  ({ id, organization: 'org_1', mode: 'test', key: 'key_1', created_ms: 0 }) as const;

it('a vault that starts anew acknowledges what was heard since the last look, too', async () => {
  const log = new ChangeLog('server-1');
  const acknowledged: number[] = [];
  const feed = {
    node: 'server-1',
    log,
    nodes: new Nodes('server-1'),
    snapshot: '10:10:',
    ageMs: () => 0,
    nudge: () => {},
    acknowledge: (_node: string, changes: readonly number[]) => acknowledged.push(...changes),
  };
  const channel = new VaultChannel(feed as unknown as KeyFeed);
  const ask = (cursor: string | null) => channel.ask({ node: vault, cursor, uses: [] });
  log.push([change(1)]);
  const first = await ask(null);
  assert.equal(first.reset, true);
  assert.deepEqual(acknowledged, []);
  log.push([change(2)]);
  const second = await ask(first.cursor);
  assert.deepEqual(acknowledged, [1]);
  assert.equal(second.changes.length, 1);
  log.restart();
  await ask(second.cursor);
  assert.deepEqual(
    acknowledged,
    [1],
    'what was told before the doubt is covered by the next reset',
  );
});

it('a vault that asks before the first look at the database acknowledges nothing', async () => {
  const nodes = new Nodes('server-1');
  const feed = {
    node: 'server-1',
    log: new ChangeLog('server-1'),
    nodes,
    snapshot: '',
    ageMs: () => Number.POSITIVE_INFINITY,
    nudge: () => {},
    acknowledge: () => {},
  };
  const channel = new VaultChannel(feed as unknown as KeyFeed);
  const first = await channel.ask({ node: vault, cursor: null, uses: [] });
  await channel.ask({ node: vault, cursor: first.cursor, uses: [] });
  assert.equal(nodes.owing, false, 'the database would be asked about a snapshot that is none');
});
