import type { schemas } from 'payos-contract';
import { clock } from '../../core/clock.ts';
import type { ScopedContext } from '../../core/context.ts';
import { statement } from '../../core/db.ts';
import { readHolders } from '../holders.ts';
import { toEntries } from '../key-entry.ts';
import { statusOf } from '../key-row.ts';
import { readPermissionUses } from '../key-usage.ts';
import { readLivingKeys } from '../living-keys.ts';
import { readKeyPolicy } from '../policy/key-policy.ts';
import { findingsOf, type Subject } from './findings.ts';

/** Publishable keys are used by everybody's browser: what they say of sharing is nothing. */
const selectPlaces = statement(
  'keys.places',
  `SELECT DISTINCT u.key_id, split_part(u.user_agent, '/', 1) AS product,
     host(network(set_masklen(u.address, CASE family(u.address) WHEN 4 THEN 32 ELSE 64 END)))
       AS network
   FROM api_key_uses u JOIN api_keys k ON k.organization_id = u.organization_id AND k.id = u.key_id
   WHERE u.organization_id = $1 AND k.mode = $2 AND k.kind <> 'publishable'
     AND k.revoked_at IS NULL AND u.last_used_at > now() - interval '7 days' LIMIT 20000`,
);
type Place = { key_id: string; product: string; network: string };

const severities = { high: 0, medium: 1, low: 2 } as const;

/** What could be safer about the living keys of an organization and mode, most urgent first. */
export async function getKeySafety(ctx: ScopedContext): Promise<schemas.ApiKeySafety> {
  const { scope } = ctx;
  const { read } = ctx.db;
  const { organization, mode } = scope;
  const [policy, living, places] = await Promise.all([
    readKeyPolicy(read, scope),
    readLivingKeys(read, scope),
    read<Place>(selectPlaces, [organization, mode]),
  ]);
  // Whoever switched a key off knows of it, and until it is on again it harms nobody.
  const rows = living.filter((row) => statusOf(row) !== 'disabled');
  const owners = rows.flatMap((row) => row.owner_id ?? []);
  const [entries, uses, holders] = await Promise.all([
    toEntries(read, organization, rows),
    readPermissionUses(
      read,
      scope,
      rows.map((row) => row.id),
    ),
    readHolders(read, organization, owners),
  ]);
  const data = entries.flatMap((key): schemas.ApiKeySafety['data'] => {
    const subject: Subject = {
      key,
      policy,
      ownerActive: holders.get(key.owner ?? '')?.active ?? false,
      uses: uses.get(key.id) ?? [],
      products: productsOf(places, key.id),
    };
    return findingsOf(subject).map((finding) => ({ key, ...finding }));
  });
  return {
    checked_at: new Date(clock.nowMs()).toISOString(),
    keys: entries.length,
    data: data.sort((a, b) => severities[a.severity] - severities[b.severity]),
  };
}

/** From which networks each program uses a key. */
function productsOf(places: readonly Place[], key: string): Map<string, Set<string>> {
  const products = new Map<string, Set<string>>();
  for (const { key_id, product, network } of places) {
    if (key_id !== key) continue;
    products.set(product, (products.get(product) ?? new Set()).add(network));
  }
  return products;
}
