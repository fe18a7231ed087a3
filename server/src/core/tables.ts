/**
 * The columns that lists select and filter by, for Kysely. A test compares this with
 * `information_schema`.
 */
type Owned = { organization_id: string; id: string; mode: string };

export type Tables = {
  customers: Owned & {
    reference: string | null;
    name: string | null;
    email: string | null;
    metadata: Record<string, string>;
    created_at: string;
  };
  payment_methods: Owned & {
    customer_id: string;
    card: unknown;
    fingerprint: string | null;
    created_at: string;
    updated_at: string;
    deleted_at: string | null;
  };
  payments: Owned & {
    status: string;
    amount: number;
    currency: string;
    amount_captured: number;
    amount_refund_pending: number;
    amount_refunded: number;
    capture: string;
    initiated_by: string;
    token_id: string;
    payment_method_id: string | null;
    customer_id: string | null;
    card: unknown;
    reference: string | null;
    description: string | null;
    metadata: Record<string, string>;
    decline_code: string | null;
    failure: string | null;
    created_at: string;
    updated_at: string;
  };
  refunds: Owned & {
    payment_id: string;
    status: string;
    amount: number;
    currency: string;
    reason: string | null;
    metadata: Record<string, string>;
    failure: string | null;
    created_at: string;
    updated_at: string;
  };
  checkout_sessions: Owned & {
    status: string;
    amount: number;
    currency: string;
    reference: string;
    description: string | null;
    return_url: string;
    cancel_url: string;
    customer_id: string | null;
    save_payment_method: boolean;
    metadata: Record<string, string>;
    key_id: string | null;
    payment_id: string | null;
    tries: number;
    problem: string | null;
    expires_at: string;
    completed_at: string | null;
    created_at: string;
    updated_at: string;
  };
  forward_destinations: Owned & {
    name: string;
    url: string;
    status: string;
    requested_by: string;
    decided_by: string | null;
    created_at: string;
  };
  forwards: Owned & {
    destination_id: string;
    status: string;
    method: string;
    url: string;
    response_status: number | null;
    failure: string | null;
    created_at: string;
    finished_at: string | null;
    emptied_at: string | null;
  };
  webhook_endpoints: Owned & {
    url: string;
    events: string[];
    description: string | null;
    status: string;
    disabled_reason: string | null;
    api_version: string;
    created_at: string;
    updated_at: string;
    deleted_at: string | null;
  };
  webhook_deliveries: Owned & {
    endpoint_id: string;
    event_id: string;
    event_type: string;
    status: string;
    next_attempt_at: string | null;
    created_at: string;
  };
};
