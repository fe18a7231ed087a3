import { allPermissions, type Permission } from './permissions.ts';

type BuiltInRole = { name: string; text: string; permissions: readonly Permission[] };

const reading = [
  'payments:read',
  'refunds:read',
  'checkout:read',
  'customers:read',
  'reports:read',
] as const;

/**
 * The roles every organization has. A role counts in the mode in which it was given; what it
 * grants organization-wide counts only where it was given for live mode.
 */
export const builtInRoles = {
  owner: { name: 'Owner', text: 'May do everything', permissions: allPermissions },
  admin: {
    name: 'Admin',
    text: 'Runs the organization, but cannot change the rules for signing in or touch owners',
    permissions: allPermissions.filter(
      (name) => name !== 'organization:write' && name !== 'security_policy:write',
    ),
  },
  developer: {
    name: 'Developer',
    text: 'Integrates PayOS: payments, API keys, webhooks and events, but no refunds',
    permissions: [
      ...reading,
      'tokens:create',
      'tokens:read',
      'tokens:delete',
      'payments:write',
      'checkout:write',
      'events:read',
      'requests:read',
      'webhooks:read',
      'webhooks:write',
      'forwarding:read',
      'forwarding:write',
      'keys:read',
      'keys:write',
      'keys:revoke',
      'keys:roll_self',
      'card_gate:read',
      'card_gate:request',
      'card_gate:close',
    ],
  },
  finance: {
    name: 'Finance',
    text: 'Captures, cancels and refunds payments, sees totals',
    permissions: [...reading, 'payments:write', 'refunds:write', 'events:read'],
  },
  support: {
    name: 'Support',
    text: 'Helps customers: sees payments, refunds them, looks after saved cards',
    permissions: [
      'payments:read',
      'refunds:read',
      'refunds:write',
      'checkout:read',
      'customers:read',
      'customers:write',
      'events:read',
    ],
  },
  analyst: {
    name: 'Analyst',
    text: 'Sees payments and totals, changes nothing',
    permissions: reading,
  },
  security_officer: {
    name: 'Security officer',
    text: 'Sees who did what, sets rules, can stop a member or a key, decides on the card gate',
    permissions: [
      'events:read',
      'requests:read',
      'webhooks:read',
      'forwarding:read',
      'forwarding:approve',
      'keys:read',
      'keys:revoke',
      'card_gate:read',
      'card_gate:approve',
      'card_gate:close',
      'members:read',
      'members:suspend',
      'audit_log:read',
      'security_policy:read',
      'security_policy:write',
    ],
  },
} as const satisfies Record<string, BuiltInRole>;

type BuiltInRoleId = keyof typeof builtInRoles;

export const builtInRoleIds = Object.keys(builtInRoles) as BuiltInRoleId[];

/** False for roles that organizations made themselves (`role_…`), and for what is no role. */
export function isBuiltInRole(id: string): id is BuiltInRoleId {
  return Object.hasOwn(builtInRoles, id);
}
