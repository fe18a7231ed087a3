import type { Mode } from './ids.ts';

type Entry = {
  /** What a person reads when choosing it. */
  text: string;
  group: string;
  /** Concerns the organization as a whole: comes from the live role, never from the test role. */
  wide?: true;
  /** Only for people who are signed in, never for an API key. */
  people?: true;
  /** Never given to a key unless it is named. */
  named?: true;
};

/** The permission catalogue: one list for the scopes of API keys and the grants of roles. */
export const permissions = {
  'tokens:create': { group: 'Payments', text: 'Turn card details into a token on the vault' },
  'tokens:read': { group: 'Payments', text: 'See what may be shown of a token' },
  'tokens:delete': { group: 'Payments', text: 'Destroy a token that can still be paid with' },
  'payments:read': { group: 'Payments', text: 'See payments and their attempts' },
  'payments:write': { group: 'Payments', text: 'Create, capture and cancel payments' },
  'refunds:read': { group: 'Payments', text: 'See refunds' },
  'refunds:write': { group: 'Payments', text: 'Send money back to customers' },
  'checkout:read': { group: 'Payments', text: 'See checkout sessions' },
  'checkout:write': { group: 'Payments', text: 'Create and end checkout sessions' },
  'reports:read': { group: 'Payments', text: 'See totals, success rates and reasons of declines' },
  'customers:read': { group: 'Customers', text: 'See customers and their saved payment methods' },
  'customers:write': {
    group: 'Customers',
    text: 'Create customers, save and delete payment methods',
  },
  'cards:create_raw': {
    group: 'Card data',
    text: 'Of a live key: send card numbers from a server while the card gate is open',
    named: true,
  },
  'cards:reveal': {
    group: 'Card data',
    text: 'Of a key: read stored card numbers while the card gate is open',
    named: true,
  },
  'card_gate:read': {
    group: 'Card data',
    text: 'See the card gate, who opened it, and who read which card',
    named: true,
  },
  'card_gate:request': {
    group: 'Card data',
    text: 'Ask for the card gate to be opened, and register keys that cards are sealed to',
    people: true,
  },
  'card_gate:approve': {
    group: 'Card data',
    text: 'Decide on what another person asked for at the card gate',
    people: true,
  },
  'card_gate:close': {
    group: 'Card data',
    text: 'Close the card gate at once, and remove keys that cards are sealed to',
    people: true,
  },
  'cards:forward': {
    group: 'Cards',
    text: 'Send cards to destinations that people have approved',
    named: true,
  },
  'forwarding:read': {
    group: 'Cards',
    text: 'See where cards may be sent, and what was sent there',
    named: true,
  },
  'forwarding:write': {
    group: 'Cards',
    text: 'Name and remove destinations that cards may be sent to',
    people: true,
  },
  'forwarding:approve': {
    group: 'Cards',
    text: 'Approve destinations that somebody else has named',
    people: true,
  },
  'events:read': { group: 'Developers', text: 'See events' },
  'requests:read': { group: 'Developers', text: 'See the log of API requests' },
  'webhooks:read': { group: 'Developers', text: 'See webhook endpoints and their deliveries' },
  'webhooks:write': {
    group: 'Developers',
    text: 'Create, change and delete webhook endpoints, send deliveries again',
  },
  'keys:read': { group: 'API keys', text: 'See API keys and who uses them', named: true },
  'keys:write': {
    group: 'API keys',
    text: 'Create, change, rotate and enable API keys, within what one may do oneself',
    people: true,
  },
  'keys:revoke': { group: 'API keys', text: 'Disable and revoke API keys', people: true },
  'keys:roll_self': {
    group: 'API keys',
    text: 'Of a key: replace itself by a successor with the same rights',
    named: true,
  },
  'members:read': {
    group: 'Organization',
    text: 'See members, invitations and roles',
    wide: true,
  },
  'members:write': {
    group: 'Organization',
    text: 'Invite people and change their roles',
    wide: true,
    people: true,
  },
  'members:suspend': {
    group: 'Security',
    text: 'Disable and unlock members, end their sessions, decide on lost factors',
    wide: true,
    people: true,
  },
  'roles:write': {
    group: 'Organization',
    text: 'Create, change and delete custom roles',
    wide: true,
    people: true,
  },
  'organization:write': {
    group: 'Organization',
    text: 'Rename the organization, and change how its checkout page looks',
    wide: true,
    people: true,
  },
  'audit_log:read': { group: 'Security', text: 'See who changed what', wide: true },
  'security_policy:read': { group: 'Security', text: 'See the rules for signing in', wide: true },
  'security_policy:write': {
    group: 'Security',
    text: 'Change the rules for signing in',
    wide: true,
    people: true,
  },
} as const satisfies Record<string, Entry>;

export type Permission = keyof typeof permissions;

export const allPermissions = Object.keys(permissions) as Permission[];

/** Whether it concerns the organization as a whole rather than one mode. */
export function isWide(name: Permission): boolean {
  return 'wide' in permissions[name];
}

/**
 * What an API key of this mode may have at most: nothing that is for people only, and nothing
 * organization-wide in test mode.
 */
export function keyPermissions(mode: Mode): Permission[] {
  return allPermissions.filter(
    (name) => !('people' in permissions[name]) && (mode === 'live' || !isWide(name)),
  );
}

/** What a secret key gets that names none: what concerns more than payments has to be asked for. */
export function defaultKeyPermissions(mode: Mode): Permission[] {
  return keyPermissions(mode).filter((name) => !isWide(name) && !('named' in permissions[name]));
}

/** What a publishable key may do: it lies in the open in a browser. */
export const publishablePermissions: readonly Permission[] = ['tokens:create'];

/** Permissions of those who stand on the machine itself, outside every organization. */
export const operatorPermissions = {
  'operator:assessment': 'Read the facts for an assessor',
  'operator:organizations': 'Create and list organizations',
  'operator:keys': 'Mint, change, rotate and revoke API keys of any organization',
  'operator:people': 'Make set-up links, and help a person who lost every factor',
} as const;

export type OperatorPermission = keyof typeof operatorPermissions;

/** Permissions that are a state of signing in rather than a grant. */
export const standings = {
  anyone: 'Nobody needs to be signed in',
  sign_in: 'A sign-in that has begun, finished or not',
  account: 'A finished sign-in, in whatever organization',
} as const;

export type Standing = keyof typeof standings;

/** What whoever holds the secret of one thing may do with that thing, and nothing else. */
export const visitorPermissions = {
  'checkout:visit': 'Whoever holds the secret of the checkout session',
} as const;

export type VisitorPermission = keyof typeof visitorPermissions;

/** False for the permissions of visitors, and for those of older versions that are gone. */
export function isPermission(text: string): text is Permission {
  return Object.hasOwn(permissions, text);
}
