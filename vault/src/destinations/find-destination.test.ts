import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mode } from 'payos-contract';
import { AddressGuard } from 'payos-egress';
import type { Db } from '../core/db.ts';
import { type Destination, findDestination } from './find-destination.ts';

const listed: Destination = {
  url: 'https://club.example/v1/',
  content_type: 'application/json',
  fields: { number: ['/number'] },
};
/** The row that the statement would find. */
const rows = (found: Destination[]): Db => ({
  run: async () => found as never[],
  close: async () => {},
});
const guard = new AddressGuard([]);

function find(mode: Mode, liveHosts: string[], url = 'https://club.example/v1/x', of = [listed]) {
  const which = { destination: 'fdst_1', organization: 'org_1', mode };
  return findDestination(rows(of), { guard, liveHosts }, which, url);
}
const refused = { code: 'destination_not_allowed' };

describe('a destination in the vault', () => {
  it('needs the word of the operator in live mode, and only there', async () => {
    assert.equal((await find('test', [])).destination, listed);
    for (const hosts of [['club.example'], ['club.example:443'], ['*']]) {
      assert.equal((await find('live', hosts)).destination, listed);
    }
    for (const hosts of [[], ['example'], ['x.club.example'], ['club.example:8443']]) {
      await assert.rejects(find('live', hosts), refused, hosts.join());
    }
  });

  it('is its host, its port and its path, however they are written', async () => {
    for (const path of ['', 'a', 'a/b?c=d', '../v1/a']) {
      await find('test', [], `https://club.example/v1/${path}`);
    }
    const others = [
      'https://club.example/v1',
      'https://club.example/v10/',
      'https://club.example/v1/../v2/',
      'https://club.example/v1/%2e%2e/v2',
      'https://club.example/v1/..%2fv2',
      'https://club.example/v1/%2E%2E%5Cv2',
      'https://club.example/v1//v2',
      'https://club.example:8443/v1/x',
      'https://club.example.evil.example/v1/x',
      'https://club.example@evil.example/v1/x',
      'https://evil.example/v1/x#https://club.example/v1/x',
      'http://club.example/v1/x',
    ];
    for (const url of others) await assert.rejects(find('test', [], url), refused, url);
    await assert.rejects(find('test', [], undefined, []), refused);
  });
});
