import { pages as account } from '../features/account/index.ts';
import { pages as apiKeys } from '../features/api-keys/index.ts';
import { pages as audit } from '../features/audit/index.ts';
import { pages as cardGate } from '../features/card-gate/index.ts';
import { pages as checkout } from '../features/checkout/index.ts';
import { pages as customers } from '../features/customers/index.ts';
import { pages as events } from '../features/events/index.ts';
import { pages as forwarding } from '../features/forwarding/index.ts';
import { pages as home } from '../features/home/index.ts';
import { pages as members } from '../features/members/index.ts';
import { pages as payments } from '../features/payments/index.ts';
import { pages as roles } from '../features/roles/index.ts';
import { pages as security } from '../features/security/index.ts';
import { pages as signIn } from '../features/sign-in/index.ts';
import type { Page } from './page.ts';

/** Every page of the dashboard. A feature is added here, and nowhere else. */
export const pages: readonly Page[] = [
  ...signIn,
  ...home,
  ...payments,
  ...checkout,
  ...customers,
  ...apiKeys,
  ...events,
  ...forwarding,
  ...members,
  ...roles,
  ...security,
  ...cardGate,
  ...audit,
  ...account,
];
