import type { KeyObject } from 'node:crypto';
import { type AccessDependencies, accessRoutes } from './access/index.ts';
import { type AssessmentDependencies, assessmentRoutes } from './assessment/index.ts';
import { auditRoutes } from './audit/index.ts';
import { cardDataRoutes } from './card-data/index.ts';
import { cardGateRoutes } from './card-gate/index.ts';
import { checkoutRoutes } from './checkout/index.ts';
import { checkoutPageRoutes, checkSecret } from './checkout-page/index.ts';
import type { OnCardData } from './core/card-data.ts';
import type { Scope } from './core/context.ts';
import type { Database } from './core/db.ts';
import type { Route } from './core/http/route.ts';
import type { Sealer } from './core/seal.ts';
import { customerRoutes } from './customers/index.ts';
import { AddressGuard } from './egress/index.ts';
import { forwardingRoutes } from './forwarding/index.ts';
import {
  alertRoutes,
  type ExposedKeys,
  type KeyPropagation,
  type KeyUses,
  type KeyVerifier,
  keyRoutes,
  type OnExposed,
  type Passage,
  type VaultChannel,
} from './keys/index.ts';
import { peopleRoutes } from './members/index.ts';
import { organizationRoutes } from './organizations/index.ts';
import { type PaymentDependencies, paymentRoutes } from './payments/index.ts';
import { requestRoutes } from './requests/index.ts';
import { tokenRoutes } from './tokens/index.ts';
import { webhookRoutes } from './webhooks/index.ts';

type Dependencies = {
  /** Where browsers find the dashboard: what links begin with. */
  publicUrl: string;
  access: AccessDependencies;
  db: Database;
  assessment: AssessmentDependencies;
  payments: PaymentDependencies;
  pepper: KeyObject;
  verifier: KeyVerifier;
  propagating: KeyPropagation;
  vaultChannel: VaultChannel;
  uses: KeyUses;
  exposed: ExposedKeys;
  /** Told of card numbers that the vault found. */
  onCardData: OnCardData;
  /** What a key that lies open brings about. */
  onExposed: OnExposed;
  keyRate: number;
  /** What the card gate lets through. */
  passageOf: (scope: Scope) => Promise<Passage>;
  sealer: Sealer;
  /** CIDR ranges that webhooks may go to although they are private. */
  egressAllow: readonly string[];
  /** Requests with cards that an organization may forward in an hour and mode. */
  forwardHourly: number;
};

/** The route registry: everything that can be asked of the server, on every surface. */
export function allRoutes(deps: Dependencies): Route[] {
  return [
    ...paymentRoutes(deps.payments),
    ...checkoutRoutes(deps),
    ...checkoutPageRoutes(deps.payments),
    ...customerRoutes({ vault: deps.payments.vault }),
    ...tokenRoutes({ vault: deps.payments.vault }),
    ...forwardingRoutes({
      vault: deps.payments.vault,
      guard: new AddressGuard(deps.egressAllow),
      timeoutMs: deps.payments.processorTimeoutMs,
      hourly: deps.forwardHourly,
      sealer: deps.sealer,
    }),
    ...webhookRoutes({ sealer: deps.sealer, egressAllow: deps.egressAllow }),
    ...keyRoutes({
      ...deps,
      checkSecret: (secret) => checkSecret(deps.db, deps.publicUrl, secret),
    }),
    ...alertRoutes(deps),
    ...cardGateRoutes(deps),
    ...cardDataRoutes({ tell: deps.onCardData }),
    ...organizationRoutes(),
    ...auditRoutes(),
    ...assessmentRoutes(deps.assessment),
    ...requestRoutes(),
    ...accessRoutes(deps.access),
    ...peopleRoutes({
      ...deps.access,
      publicUrl: deps.publicUrl,
      awaitKeys: (organization, keys) => deps.propagating.awaitKeys(organization, keys),
    }),
  ];
}
