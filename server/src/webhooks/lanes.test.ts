import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Claim } from './claim.ts';
import { doubtfulMax, endpointMax, inFlightMax, Lanes, organizationMax } from './lanes.ts';

let number = 0;
function claimOf(endpoint: string, organization = `org_${endpoint}`): Claim {
  number += 1;
  return {
    queue: 'fresh',
    organization,
    endpoint,
    delivery: `dlv_${number}`,
    generation: number,
    mode: 'test',
    attempts: 0,
    event: null,
    target: null,
    failingSince: null,
    claimedAtMs: 0,
  };
}

function fill(lanes: Lanes, endpoint: string, count: number, organization?: string): void {
  for (let index = 0; index < count; index += 1) lanes.add(claimOf(endpoint, organization));
}

function startAll(lanes: Lanes): Claim[] {
  const started: Claim[] = [];
  for (let next = lanes.next(); next !== undefined; next = lanes.next()) started.push(next);
  return started;
}

function finish(lanes: Lanes, claim: Claim, ok: boolean | undefined): void {
  lanes.finished(claim, ok);
  lanes.settled(claim);
}

/** Lets an endpoint prove itself. */
function prove(lanes: Lanes, endpoint: string, organization?: string): void {
  for (let turn = 0; turn < 3; turn += 1) {
    lanes.add(claimOf(endpoint, organization));
    for (const started of startAll(lanes)) finish(lanes, started, true);
  }
}

describe('Lanes', () => {
  it('lets endpoints take turns', () => {
    const lanes = new Lanes();
    fill(lanes, 'a', 5);
    fill(lanes, 'b', 5);
    assert.deepEqual(
      startAll(lanes).map(({ endpoint }) => endpoint),
      ['a', 'b', 'a', 'b'],
    );
  });

  it('gives an endpoint more while it answers, and one place once it fails', () => {
    const lanes = new Lanes();
    prove(lanes, 'a');
    fill(lanes, 'a', 20);
    const started = startAll(lanes);
    assert.equal(started.length, endpointMax);
    for (const one of started) finish(lanes, one, false);
    assert.equal(startAll(lanes).length, 1);
  });

  it('keeps half of the places for endpoints that answer', () => {
    const lanes = new Lanes();
    for (let index = 0; index < 4; index += 1) prove(lanes, `good${index}`);
    for (let index = 0; index < 100; index += 1) fill(lanes, `new${index}`, 2);
    assert.equal(startAll(lanes).length, doubtfulMax);
    for (let index = 0; index < 4; index += 1) fill(lanes, `good${index}`, 20);
    assert.equal(startAll(lanes).length, 4 * endpointMax);
    assert.equal(lanes.inFlight, inFlightMax);
  });

  it('keeps half of the places from any one organization', () => {
    const lanes = new Lanes();
    for (let index = 0; index < 16; index += 1) {
      prove(lanes, `a${index}`, 'org');
    }
    for (let index = 0; index < 16; index += 1) fill(lanes, `a${index}`, 8, 'org');
    assert.equal(startAll(lanes).length, organizationMax);
    fill(lanes, 'b', 1, 'other');
    assert.equal(startAll(lanes).length, 1);
  });

  it('counts right after any history', () => {
    const lanes = new Lanes();
    for (let round = 0; round < 50; round += 1) {
      for (let index = 0; index < 7; index += 1) fill(lanes, `e${index}`, (round % 5) + 1, 'org');
      for (const [turn, started] of startAll(lanes).entries()) {
        finish(lanes, started, [true, false, undefined][(turn + round) % 3]);
      }
    }
    while (startAll(lanes).map((one) => finish(lanes, one, true)).length > 0);
    assert.equal(lanes.inFlight, 0);
    assert.equal(lanes.roomOf.room.size, 0);
    for (let index = 0; index < 100; index += 1) fill(lanes, `x${index}`, 2);
    assert.equal(startAll(lanes).length, doubtfulMax);
  });

  it('says how much more to claim of whom', () => {
    const lanes = new Lanes();
    prove(lanes, 'a');
    fill(lanes, 'a', 10);
    fill(lanes, 'b', 2);
    assert.deepEqual(
      [...lanes.roomOf.room],
      [
        ['a', 54],
        ['b', 0],
      ],
    );
    const [started] = startAll(lanes);
    if (started !== undefined) lanes.finished(started, true);
    assert.equal(lanes.roomOf.room.get('a'), 54, 'what is not on disk yet counts');
    if (started !== undefined) lanes.settled(started);
    assert.equal(lanes.roomOf.room.get('a'), 55);
    assert.equal(lanes.clear().length, 2);
    assert.equal(lanes.next(), undefined);
  });
});
