import assert from 'node:assert/strict';
import type { schemas } from 'payos-contract';
import type { Page } from 'playwright-core';
import type { SharedTeam } from './team.ts';

type Key = schemas.ApiKeyWithSecret & { key: string };

/** API keys of the team's organization, in test mode, as its owner makes them. */
export function openKeyRing({ payos, db, owner, ageFactor }: SharedTeam) {
  const make = async (more: object = {}): Promise<Key> => {
    await ageFactor(owner.account, 0);
    const body = { name: 'Shop server', permissions: ['payments:read'], ...more };
    const answer = await owner.browser.post('/v1/api_keys', body);
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  };
  return {
    make,
    /** Status and error code of a request with a key. */
    attempt: async (key: string, path = '/v1/payments') => {
      const { status, body } = await payos.api.get(path, key);
      return status < 400 ? String(status) : `${status} ${body.code}`;
    },
    /** As if a key had been made that many days ago. */
    age: (id: string, days: number) =>
      db.query(`UPDATE api_keys SET created_at = now() - $2 * interval '1 day' WHERE id = $1`, [
        id,
        days,
      ]),
    /** As if a program had used a permission of a key that many minutes ago. */
    use: async (id: string, permission: string, minutes: number) => {
      const at = [owner.organization, id, minutes];
      await db.query(
        `INSERT INTO api_key_uses (organization_id, key_id, address, user_agent, requests,
           first_used_at, last_used_at)
         VALUES ($1, $2, '203.0.113.7', 'shop/1.0', 7, now() - $3 * interval '1 minute',
           now() - $3 * interval '1 minute')`,
        at,
      );
      await db.query(
        `INSERT INTO api_key_permission_uses (organization_id, key_id, permission, requests,
           last_used_at) VALUES ($1, $2, $4, 7, now() - $3 * interval '1 minute')
         ON CONFLICT (organization_id, key_id, permission) DO NOTHING`,
        [...at, permission],
      );
    },
  };
}

/** The secret that a page shows once. */
export async function readSecret(page: Page): Promise<string> {
  const shown = page.getByRole('region', { name: 'The key', exact: true });
  return ((await shown.textContent()) ?? '').trim();
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
export const dialog = (page: Page) => page.getByRole('dialog');
export const link = (page: Page, name: string | RegExp) => page.getByRole('link', { name });
export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name, level: 1 });
