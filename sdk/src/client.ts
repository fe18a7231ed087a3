import { createApi } from './api.ts';
import { sleep } from './clock.ts';
import { type PayOSOptions, resolveConfig } from './config.ts';
import { fraction } from './random.ts';
import { CardGateResource } from './resources/card-gate.ts';
import { CheckoutSessions } from './resources/checkout-sessions.ts';
import { Customers } from './resources/customers.ts';
import { Deliveries } from './resources/deliveries.ts';
import { Events } from './resources/events.ts';
import { Forwards } from './resources/forwards.ts';
import { PaymentMethods } from './resources/payment-methods.ts';
import { Payments } from './resources/payments.ts';
import { Refunds } from './resources/refunds.ts';
import { Reveals } from './resources/reveals.ts';
import { Tokens } from './resources/tokens.ts';
import { WebhookEndpoints } from './resources/webhook-endpoints.ts';

/**
 * The client: `const payos = new PayOS()`, then `await payos.payments.create({ … })`.
 *
 * Requests are repeated on lost connections, rate limits and outages, with the same
 * Idempotency-Key, so that nothing is done twice. The key never shows when the client is printed.
 */
export class PayOS {
  /** What the key is for: `test` moves no money. Not known of a signing key. */
  readonly mode: 'test' | 'live' | undefined;
  readonly baseUrl: string;
  readonly vaultUrl: string;

  readonly cardGate: CardGateResource;
  readonly checkoutSessions: CheckoutSessions;
  readonly customers: Customers;
  readonly deliveries: Deliveries;
  readonly events: Events;
  readonly paymentMethods: PaymentMethods;
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly forwards: Forwards;
  readonly reveals: Reveals;
  readonly tokens: Tokens;
  readonly webhookEndpoints: WebhookEndpoints;

  /** @throws PayOSError naming the option that is wrong */
  constructor(options: PayOSOptions = {}) {
    const config = resolveConfig(options);
    const api = createApi(config, { sleep, fraction }, 'api');
    const vault = createApi(config, { sleep, fraction }, 'vault');
    this.mode = config.credential.mode;
    this.baseUrl = config.baseUrl.href;
    this.vaultUrl = config.vaultUrl.href;
    this.cardGate = new CardGateResource(api);
    this.checkoutSessions = new CheckoutSessions(api);
    this.customers = new Customers(api);
    this.deliveries = new Deliveries(api);
    this.events = new Events(api);
    this.paymentMethods = new PaymentMethods(api);
    this.payments = new Payments(api);
    this.refunds = new Refunds(api);
    this.forwards = new Forwards(api);
    this.reveals = new Reveals(vault, api);
    this.tokens = new Tokens(vault, api);
    this.webhookEndpoints = new WebhookEndpoints(api);
  }
}
