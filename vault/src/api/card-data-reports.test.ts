import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCardDataReports } from './card-data-reports.ts';

const request = `req_${'1'.repeat(22)}`;
const organization = `org_${'1'.repeat(22)}`;

describe('what the net of the vault found', () => {
  it('is told to the server: where, how many and whose, and of one cause together', async () => {
    const asked: unknown[] = [];
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = {
      ask: async (_path: string, body: object) => {
        asked.push(body);
        await held;
        return { status: 200, body: {} };
      },
    };
    const tell = createCardDataReports(server, () => {});
    const answer = { detail: 'answer', route: 'POST /v1/tokens', request_id: request, count: 2 };
    tell({ ...answer, organization, mode: 'live', actor: 'key_1', token: 'x', error: 'y' });
    tell({ detail: 'log', count: 1 });
    tell({ detail: 'log', count: 3 });
    release();
    await new Promise((resolve) => setImmediate(resolve));
    const whose = { organization, mode: 'live', key: 'key_1' };
    assert.deepEqual(asked, [
      { stream: 'answer', place: 'POST /v1/tokens', count: 2, request, ...whose },
      { stream: 'log', place: 'vault', count: 4 },
    ]);
  });
});
