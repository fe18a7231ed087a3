import { schemas } from 'payos-contract';
import { clock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { statement } from '../core/db.ts';
import { listAllKeys } from '../keys/index.ts';
import { findOrganization, listOrganizations } from '../organizations/index.ts';
import { readGates } from './gates.ts';
import { readOutlets } from './outlets.ts';
import { sensitiveMembers } from './sensitive-members.ts';

export type AssessmentDependencies = {
  urls: { api: string; vault: string };
  weakened: schemas.Assessment['weakened'];
};

const dayMs = 86_400_000;

const selectVersion = statement(
  'assessment.version',
  "SELECT current_setting('server_version') AS postgresql",
);
const selectTokenizing = statement(
  'assessment.tokenizing',
  `SELECT u.key_id AS key, k.mode, k.kind, u.requests, u.last_used_at
   FROM api_key_permission_uses u
   JOIN api_keys k ON k.organization_id = u.organization_id AND k.id = u.key_id
   WHERE u.organization_id = $1 AND u.permission = 'tokens:create' AND u.last_used_at >= $2
   ORDER BY k.mode, k.kind, u.key_id`,
);
const selectCheckout = statement(
  'assessment.checkout',
  `SELECT mode, count(*) AS sessions, count(*) FILTER (WHERE status = 'complete') AS paid
   FROM checkout_sessions WHERE organization_id = $1 AND created_at >= $2
   GROUP BY mode ORDER BY mode`,
);
const selectFound = statement(
  'assessment.found',
  `SELECT organization_id AS organization, mode, stream, place, found, first_at, last_at
   FROM card_data_findings
   WHERE last_at >= $1 AND ($2::text IS NULL OR organization_id IS NULL OR organization_id = $2)
   ORDER BY organization_id, mode, stream, place`,
);
const selectAudit = statement(
  'assessment.audit',
  `SELECT count(*) AS entries, min(created_at) AS first_at, max(created_at) AS last_at
   FROM audit_log WHERE organization_id = $1`,
);

/** What the control plane knows that a PCI DSS assessor asks about, in an order that stays. */
export async function assess(
  ctx: Context,
  deps: AssessmentDependencies,
  { days = schemas.assessedDays, organization }: schemas.AskAssessment,
): Promise<schemas.Assessment> {
  const now = clock.nowMs();
  const since = new Date(now - days * dayMs).toISOString();
  const [version] = await ctx.db.read<{ postgresql: string }>(selectVersion);
  const only = organization === undefined ? undefined : await findOrganization(ctx, organization);
  const { data } = await listOrganizations(ctx);
  const organizations: schemas.AssessedOrganization[] = [];
  for (const { id, name } of data.filter((one) => only === undefined || one.id === only)) {
    organizations.push({ id, name, ...(await assessOrganization(ctx, id, now, since)) });
  }
  return {
    object: 'assessment',
    at: new Date(now).toISOString(),
    since,
    versions: {
      node: process.versions.node,
      openssl: process.versions.openssl,
      postgresql: version?.postgresql ?? '',
    },
    ...deps,
    found: await ctx.db.read<schemas.Assessment['found'][number]>(selectFound, [
      since,
      only ?? null,
    ]),
    organizations,
  };
}

async function assessOrganization(ctx: Context, id: string, now: number, since: string) {
  const { data } = await listAllKeys(ctx, { organization: id });
  const read = ctx.db.read;
  type Tokenizing = schemas.AssessedOrganization['tokenizing'][number];
  const tokenizing = await read<Tokenizing>(selectTokenizing, [id, since]);
  const [audit] = await read<schemas.AssessedOrganization['audit']>(selectAudit, [id]);
  return {
    keys: data
      .filter(({ status }) => status !== 'revoked' && status !== 'expired')
      .map((key) => toAssessed(key, now))
      .sort((one, other) => compare(one.mode + one.key, other.mode + other.key)),
    tokenizing,
    checkout: await read<schemas.AssessedOrganization['checkout'][number]>(selectCheckout, [
      id,
      since,
    ]),
    members: await sensitiveMembers(read, id),
    gates: await readGates(read, id, since),
    ...(await readOutlets(read, id, since)),
    audit: audit ?? { entries: 0, first_at: null, last_at: null },
  };
}

function toAssessed(key: schemas.ApiKeyEntry, now: number): schemas.AssessedKey {
  const { id, mode, kind, name, status, created_at, due_at, last_used_at, exposed_at } = key;
  const overdue = due_at !== null && Date.parse(due_at) <= now;
  const has_ip_list = key.ip_ranges.length > 0;
  const dates = { created_at, due_at, last_used_at, exposed_at };
  return { key: id, mode, kind, name, status, overdue, has_ip_list, ...dates };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
