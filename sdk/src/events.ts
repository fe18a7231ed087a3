import type {
  ApiKey,
  CheckoutSession,
  CreateWebhookEndpoint,
  Customer,
  Event,
  Payment,
  PaymentMethod,
  Refund,
  WebhookEndpoint,
} from './generated/types.ts';

/** Every event type known today. */
export type EventType = Exclude<NonNullable<CreateWebhookEndpoint['events']>[number], '*'>;

type DataByFamily = {
  payment: Payment;
  refund: Refund;
  checkout_session: CheckoutSession;
  customer: Customer;
  payment_method: PaymentMethod;
  api_key: ApiKey;
  webhook_endpoint: WebhookEndpoint;
};

type DataOf<T extends EventType> = T extends `${infer F extends keyof DataByFamily}.${string}`
  ? DataByFamily[F]
  : Event['data'];

/** An event of one type; `data` is the object as it was then. */
export type EventOf<T extends EventType> = Omit<Event, 'type' | 'data'> & {
  type: T;
  data: DataOf<T>;
};

/**
 * An event: `switch (event.type)` narrows `data`. Newer servers may send further types, so keep a
 * `default` branch that ignores them.
 */
export type PayOSEvent = { [T in EventType]: EventOf<T> }[EventType];
