/**
 * The permission catalogue: one list for the scopes of API keys and the grants of roles.
 * `text` is what a person reads when choosing it.
 */
export const permissions = {
  'tokens:create': 'Turn card details into a token on the vault',
  'payments:read': 'See payments and their attempts',
  'payments:write': 'Create, capture and cancel payments',
  'refunds:read': 'See refunds',
  'refunds:write': 'Send money back to customers',
  'customers:read': 'See customers and their saved payment methods',
  'customers:write': 'Create customers, save and delete payment methods',
  'events:read': 'See events',
  'webhooks:read': 'See webhook endpoints and their deliveries',
  'webhooks:write': 'Create, change and delete webhook endpoints, send deliveries again',
} as const;

export type Permission = keyof typeof permissions;

export const allPermissions = Object.keys(permissions) as Permission[];

/** What a publishable key may do: it lies in the open in a browser. */
export const publishablePermissions: readonly Permission[] = ['tokens:create'];

/** Permissions of those who stand on the machine itself, outside every organization. */
export const operatorPermissions = {
  'operator:organizations': 'Create and list organizations',
  'operator:keys': 'Mint, list and revoke API keys of any organization',
} as const;

export type OperatorPermission = keyof typeof operatorPermissions;

export function isPermission(text: string): text is Permission {
  return Object.hasOwn(permissions, text);
}
