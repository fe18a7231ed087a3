import type { Permission } from 'payos-contract';

export type Preset = { id: string; name: string; text: string; permissions: readonly Permission[] };

/** What keys are mostly made for. The first is what most begin with. */
export const presets: readonly Preset[] = [
  {
    id: 'payments',
    name: 'Payments server',
    text: 'Takes payments and refunds them, keeps customers and their cards.',
    permissions: [
      'tokens:create',
      'payments:read',
      'payments:write',
      'refunds:read',
      'refunds:write',
      'checkout:read',
      'checkout:write',
      'customers:read',
      'customers:write',
    ],
  },
  {
    id: 'read_only',
    name: 'Read only',
    text: 'Sees payments, customers, events and webhooks. Changes nothing.',
    permissions: [
      'payments:read',
      'refunds:read',
      'checkout:read',
      'reports:read',
      'customers:read',
      'events:read',
      'webhooks:read',
    ],
  },
  {
    id: 'reconciliation',
    name: 'Reconciliation',
    text: 'Compares payments and refunds with your books. No customers.',
    permissions: ['payments:read', 'refunds:read', 'reports:read', 'events:read'],
  },
  {
    id: 'webhooks',
    name: 'Webhooks only',
    text: 'Sets up webhook endpoints and sends deliveries again. No payments.',
    permissions: ['events:read', 'webhooks:read', 'webhooks:write'],
  },
  {
    id: 'support',
    name: 'Support tool',
    text: 'Looks payments up and refunds them, looks after saved cards. Takes no payments.',
    permissions: [
      'payments:read',
      'refunds:read',
      'refunds:write',
      'customers:read',
      'customers:write',
    ],
  },
];

export const everything = 'everything';
export const custom = 'custom';

/** The preset that is exactly these permissions. */
export function presetOf(names: readonly string[]): Preset | undefined {
  const set = new Set(names);
  return presets.find(
    (one) => one.permissions.length === set.size && one.permissions.every((name) => set.has(name)),
  );
}
