import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Answer } from '../../tools/harness/api-client.ts';
import type { Person } from '../../tools/harness/people.ts';
import { type Office, openOffice } from './office.ts';

let office: Office;
let owner: Person;
before(async () => {
  office = await openOffice({ PAYOS_RATE_LIMIT: '10000' });
  owner = await office.join('owner');
});
after(async () => office?.stop());

const send = (path: string, body: object, method = 'POST', person = owner) =>
  person.call(method, path, { body, mode: 'test' });

async function made() {
  const permissions = ['payments:read', 'events:read', 'keys:roll_self'];
  const answer = await send('/v1/api_keys', { name: 'Race', permissions });
  assert.equal(answer.status, 201, answer.text);
  return answer.body as { id: string; key: string };
}

describe('everything at once', () => {
  it('to the same keys and people ends in answers, and in chains that hold together', async () => {
    const member = await office.join('developer');
    const answers: Answer[] = [];
    for (let round = 0; round < 6; round += 1) {
      const keys = await Promise.all([made(), made(), made()]);
      const roles = { test: round % 2 === 0 ? 'analyst' : 'developer', live: 'developer' };
      const all = keys.flatMap(({ id, key }) => {
        const path = `/v1/api_keys/${id}`;
        return [
          () => send(path, { owner: member.member }, 'PATCH'),
          () => send(`${path}/rotate`, { overlap_seconds: 3 }),
          () => office.api.post('/v1/api_keys/roll', key, {}),
          () => send(`${path}/disable`, {}),
          () => send(`${path}/enable`, {}),
          () => send(path, { permissions: ['payments:read'], rate_limit: round + 1 }, 'PATCH'),
          () => send(`${path}/finish_rotation`, {}),
          () => send(`${path}/revoke`, { successors: round % 2 === 0 }),
        ];
      });
      all.push(
        () => owner.call('PATCH', `/v1/members/${member.member}`, { body: { roles } }),
        () => send('/v1/api_key_policy', { max_age_days: 60 + round }, 'PATCH'),
      );
      // In another order each time.
      const order = all.map((_, index) => (index * 7 + round * 5) % all.length);
      answers.push(
        ...(await Promise.all(order.map((at) => (all[at] ?? made)() as Promise<Answer>))),
      );
    }
    const odd = answers.filter(({ status }) => ![200, 201, 401, 403, 409].includes(status));
    assert.deepEqual(
      odd.map(({ text }) => text),
      [],
    );
    assert.doesNotMatch(office.processes.server.log(), /deadlock/);
    const broken = await office.rows(
      `SELECT k.id FROM api_keys k LEFT JOIN api_keys s ON s.predecessor_id = k.id
       WHERE k.successor_id IS DISTINCT FROM s.id`,
    );
    assert.deepEqual(broken, []);
    const gaps = await office.rows(
      `SELECT object_id FROM events WHERE object_id LIKE 'key_%'
       GROUP BY object_id HAVING max(sequence) <> count(*)`,
    );
    assert.deepEqual(gaps, []);
    const unheard = await office.rows(
      `SELECT k.id FROM api_keys k WHERE k.revoked_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM key_changes c WHERE c.key_id = k.id)`,
    );
    assert.deepEqual(unheard, []);
  });
});

describe('an answer that says that a key is dead', () => {
  /** Another process that remembers keys, and is slow to hear. */
  const slow = async (act: () => Promise<Answer>, what: string) => {
    await office.rows(
      `INSERT INTO key_nodes (id, kind, seen_at)
       VALUES ('slow', 'server', now() + interval '1 hour') ON CONFLICT DO NOTHING`,
    );
    const [{ last }] = await office.rows('SELECT coalesce(max(id), 0) AS last FROM key_changes');
    let answered = false;
    const answer = act().finally(() => {
      answered = true;
    });
    let change: { id: string } | undefined;
    while (change === undefined) {
      [change] = await office.rows('SELECT id FROM key_changes WHERE id > $1', [last]);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(!answered, `${what} did not wait`);
    await office.rows(`INSERT INTO key_change_acks (change_id, node_id) VALUES ($1, 'slow')`, [
      change.id,
    ]);
    assert.ok((await answer).status < 300, (await answer).text);
    return answer;
  };

  it('waits for every process', async () => {
    const [one, two] = [await made(), await made()];
    const at = (id: string, verb: string, body = {}) => send(`/v1/api_keys/${id}/${verb}`, body);
    await slow(() => at(one.id, 'rotate', { overlap_seconds: 0 }), 'rotate');
    await slow(() => send('/v1/api_key_policy', { on_overdue: 'expire' }, 'PATCH'), 'policy');
    const off = await slow(() => at(two.id, 'disable'), 'disable');
    assert.equal(off.body.propagation.acknowledged, off.body.propagation.nodes);
    assert.ok(off.body.propagation.nodes >= 2);
    await slow(() => at(two.id, 'revoke'), 'revoke');
  });
});
