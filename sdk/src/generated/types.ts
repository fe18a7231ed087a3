// Generated from the OpenAPI documents by `npm run generate`. Do not edit.

export type AcceptInvitation = {
  token: string;
  /** Of a new account */
  name?: string | undefined;
  password?: string | undefined;
};

export type Accepted = {
  accepted: true;
};

export type Account = {
  id: string;
  object: 'account';
  email: string;
  name: string;
  password_changed_at: string;
  created_at: string;
};

export type AccountSession = {
  id: string;
  current: boolean;
  /** Browser and system, as it says of itself */
  device: string;
  address: string | null;
  proofs: ('password' | 'passkey' | 'totp' | 'recovery_code')[];
  created_at: string;
  last_used_at: string;
  expires_at: string;
};

export type AccountSessionList = {
  data: AccountSession[];
};

export type AccountUnlocked = {
  account: string;
  email: string;
  was_locked: boolean;
};

export type AddForwardDestination = {
  organization: string;
  mode: 'test' | 'live';
  destination: string;
  url: string;
  content_type: 'application/json' | 'application/x-www-form-urlencoded';
  fields: ForwardFields;
  requested_by: string;
  approved_by: string | null;
};

export type AddPasskey = {
  credential: PasskeyCredential;
  name?: string | undefined;
};

export type ApiKey = {
  id: string;
  object: 'api_key';
  organization: string;
  mode: 'test' | 'live';
  kind: 'secret' | 'publishable' | 'signing';
  name: string;
  /** What uses it */
  service: string | null;
  /** Beginning and end of the key, to recognize it by */
  hint: string;
  status: 'active' | 'retiring' | 'disabled' | 'expired' | 'revoked';
  permissions: string[];
  ip_ranges: string[];
  allowed_origins: string[];
  /** Empty list: every amount; else other currencies are refused */
  amount_limits: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[];
  /** Empty list: bound to none in particular */
  customers: string[];
  rate_limit: number | null;
  api_version: string;
  owner: string | null;
  predecessor: string | null;
  successor: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  retires_at: string | null;
  disabled_at: string | null;
  disabled_reason: string | null;
  exposed_at: string | null;
  exposed_how: 'plain_http' | 'leak_report' | 'url' | 'browser' | null;
  /** The address it came from, or the URL where it was found */
  exposed_where: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
};

export type ApiKeyDetail = {
  id: string;
  object: 'api_key';
  organization: string;
  mode: 'test' | 'live';
  kind: 'secret' | 'publishable' | 'signing';
  name: string;
  /** What uses it */
  service: string | null;
  /** Beginning and end of the key, to recognize it by */
  hint: string;
  status: 'active' | 'retiring' | 'disabled' | 'expired' | 'revoked';
  permissions: string[];
  ip_ranges: string[];
  allowed_origins: string[];
  /** Empty list: every amount; else other currencies are refused */
  amount_limits: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[];
  /** Empty list: bound to none in particular */
  customers: string[];
  rate_limit: number | null;
  api_version: string;
  owner: string | null;
  predecessor: string | null;
  successor: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  retires_at: string | null;
  disabled_at: string | null;
  disabled_reason: string | null;
  exposed_at: string | null;
  exposed_how: 'plain_http' | 'leak_report' | 'url' | 'browser' | null;
  /** The address it came from, or the URL where it was found */
  exposed_where: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
  owner_name: string | null;
  last_used_at: string | null;
  /** When the rules want it replaced */
  due_at: string | null;
  /** Permissions that its owner does not have any more */
  beyond_owner: string[];
  last_change:
    | {
    /** Processes that remember keys, at the time of the change */
    nodes: number;
    acknowledged: number;
    /** From the change to the last acknowledgement so far */
    milliseconds: number | null;
    /** Those silent so far: they trust nothing they remember for over a second */
    waiting: {
      node: string;
      kind: 'server' | 'vault';
      seen_at: string;
    }[];
    at: string;
  }
    | null;
};

export type ApiKeyEntry = {
  id: string;
  object: 'api_key';
  organization: string;
  mode: 'test' | 'live';
  kind: 'secret' | 'publishable' | 'signing';
  name: string;
  /** What uses it */
  service: string | null;
  /** Beginning and end of the key, to recognize it by */
  hint: string;
  status: 'active' | 'retiring' | 'disabled' | 'expired' | 'revoked';
  permissions: string[];
  ip_ranges: string[];
  allowed_origins: string[];
  /** Empty list: every amount; else other currencies are refused */
  amount_limits: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[];
  /** Empty list: bound to none in particular */
  customers: string[];
  rate_limit: number | null;
  api_version: string;
  owner: string | null;
  predecessor: string | null;
  successor: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  retires_at: string | null;
  disabled_at: string | null;
  disabled_reason: string | null;
  exposed_at: string | null;
  exposed_how: 'plain_http' | 'leak_report' | 'url' | 'browser' | null;
  /** The address it came from, or the URL where it was found */
  exposed_where: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
  owner_name: string | null;
  last_used_at: string | null;
  /** When the rules want it replaced */
  due_at: string | null;
  /** Permissions that its owner does not have any more */
  beyond_owner: string[];
};

export type ApiKeyList = {
  data: ApiKeyEntry[];
};

export type ApiKeyPage = {
  data: ApiKeyEntry[];
  has_more: boolean;
  next: string | null;
};

export type ApiKeyPolicy = {
  object: 'api_key_policy';
  mode: 'test' | 'live';
  max_age_days: number | null;
  on_overdue: 'warn' | 'freeze' | 'expire';
  longest_expiry_days: number | null;
  require_ip_ranges: boolean;
  one_service_per_key: boolean;
  on_plain_http: 'flag' | 'disable' | 'revoke';
  on_leak_report: 'flag' | 'disable' | 'revoke';
  updated_at: string | null;
};

export type ApiKeyPolicyPreview = {
  /** Would stop working at once */
  end_now: ApiKey[];
  overdue: ApiKey[];
  without_ip_ranges: ApiKey[];
  expire_too_late: ApiKey[];
  without_service: ApiKey[];
};

export type ApiKeySafety = {
  checked_at: string;
  /** Living keys that were looked at */
  keys: number;
  data: {
    key: ApiKeyEntry;
    finding:
      | 'exposed'
      | 'overdue'
      | 'due_soon'
      | 'beyond_owner'
      | 'owner_gone'
      | 'shared'
      | 'shared_environments'
      | 'unused'
      | 'unused_permissions'
      | 'too_broad'
      | 'no_ip_ranges'
      | 'no_origins'
      | 'never_expires'
      | 'no_service';
    severity: 'high' | 'medium' | 'low';
    detail: string;
    fix:
      | 'rotate'
      | 'revoke'
      | 'narrow'
      | 'restrict_addresses'
      | 'set_expiry'
      | 'edit';
    /** Those to take away, with `narrow` */
    permissions: string[];
  }[];
};

export type ApiKeyUsage = {
  last_used_at: string | null;
  uses: {
    address: string;
    user_agent: string;
    requests: number;
    first_used_at: string;
    last_used_at: string;
  }[];
  permissions: {
    permission: string;
    requests: number;
    last_used_at: string | null;
    /** Not once in 90 days, and given longer ago */
    unused: boolean;
  }[];
};

export type ApiKeyWithSecret = {
  id: string;
  object: 'api_key';
  organization: string;
  mode: 'test' | 'live';
  kind: 'secret' | 'publishable' | 'signing';
  name: string;
  /** What uses it */
  service: string | null;
  /** Beginning and end of the key, to recognize it by */
  hint: string;
  status: 'active' | 'retiring' | 'disabled' | 'expired' | 'revoked';
  permissions: string[];
  ip_ranges: string[];
  allowed_origins: string[];
  /** Empty list: every amount; else other currencies are refused */
  amount_limits: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[];
  /** Empty list: bound to none in particular */
  customers: string[];
  rate_limit: number | null;
  api_version: string;
  owner: string | null;
  predecessor: string | null;
  successor: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  retires_at: string | null;
  disabled_at: string | null;
  disabled_reason: string | null;
  exposed_at: string | null;
  exposed_how: 'plain_http' | 'leak_report' | 'url' | 'browser' | null;
  /** The address it came from, or the URL where it was found */
  exposed_where: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
  /** Shown once; null of a signing key, or where it is in `key_jwe` */
  key: string | null;
  /** The key, encrypted to `encrypt_to`: compact JWE (RFC 7516) */
  key_jwe: string | null;
};

export type ApiRequest = {
  id: string;
  object: 'request';
  mode: 'test' | 'live';
  method: string;
  /** Without the query; `:id` where no such object was found */
  path: string;
  status: number;
  /** Error code of the answer */
  code: string | null;
  actor: {
    type: string;
    id: string;
    /** Of the person or the key, as it is called now */
    name: string | null;
  };
  address: string | null;
  duration_ms: number;
  /** What was asked about, or made */
  object_id: string | null;
  /** e.g. the payment of a refund */
  related_id: string | null;
  created_at: string;
};

export type AskAssessment = {
  days?: number | undefined;
  organization?: string | undefined;
};

export type AssessedGate = {
  attestation: string;
  mode: 'test' | 'live';
  standing:
    | 'requested'
    | 'scheduled'
    | 'open'
    | 'replaced'
    | 'expired'
    | 'rejected'
    | 'closed';
  level:
    | 'saq_d_merchant'
    | 'saq_d_service_provider'
    | 'roc_merchant'
    | 'roc_service_provider';
  assessor: string;
  document_sha256: string;
  valid_from: string;
  valid_until: string;
  raw_cards: boolean;
  reveal: boolean;
  requested_by: string | null;
  requested_at: string;
  decided_by: string | null;
  decided_at: string | null;
  closed_at: string | null;
  closed_reason: string | null;
};

export type AssessedKey = {
  key: string;
  mode: 'test' | 'live';
  kind: 'secret' | 'publishable' | 'signing';
  name: string;
  status: 'active' | 'retiring' | 'disabled' | 'expired' | 'revoked';
  created_at: string;
  due_at: string | null;
  overdue: boolean;
  has_ip_list: boolean;
  last_used_at: string | null;
  exposed_at: string | null;
};

export type AssessedMember = {
  member: string;
  name: string;
  email: string;
  status: string;
  roles: {
    test: string | null;
    live: string | null;
  };
  /** Permissions, of either mode */
  sensitive: string[];
  passkeys: number;
  totp: boolean;
  last_seen_at: string | null;
};

export type AssessedOrganization = {
  id: string;
  name: string;
  keys: AssessedKey[];
  tokenizing: {
    key: string;
    mode: 'test' | 'live';
    kind: 'secret' | 'publishable' | 'signing';
    /** Ever, not only in the time asked about */
    requests: number;
    last_used_at: string;
  }[];
  checkout: {
    mode: 'test' | 'live';
    sessions: number;
    paid: number;
  }[];
  members: AssessedMember[];
  gates: AssessedGate[];
  destinations: {
    destination: string;
    mode: 'test' | 'live';
    name: string;
    url: string;
    status: string;
    requested_by: string | null;
    decided_by: string | null;
    decided_at: string | null;
    forwards: number;
  }[];
  reveal_keys: {
    reveal_key: string;
    mode: 'test' | 'live';
    name: string;
    thumbprint: string;
    status: string;
    requested_by: string | null;
    decided_by: string | null;
    decided_at: string | null;
    reveals: number;
  }[];
  audit: {
    entries: number;
    first_at: string | null;
    last_at: string | null;
  };
};

export type Assessment = {
  object: 'assessment';
  at: string;
  since: string;
  versions: {
    node: string;
    openssl: string;
    postgresql: string;
  };
  urls: {
    api: string;
    vault: string;
  };
  weakened: {
    setting: string;
    value: string;
    means: string;
  }[];
  found: {
    organization: string | null;
    mode: 'test' | 'live' | null;
    stream: string;
    place: string;
    /** Ever, not only in the time asked about */
    found: number;
    first_at: string;
    last_at: string;
  }[];
  organizations: AssessedOrganization[];
};

export type Attempt = {
  id: string;
  kind: 'authorize' | 'capture' | 'cancel' | 'refund';
  /** Which refund it made */
  refund: string | null;
  state: 'sending' | 'succeeded' | 'declined' | 'failed' | 'unknown';
  processor: string;
  processor_reference: string | null;
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  decline_code: string | null;
  failure: string | null;
  cvc_check: string | null;
  created_at: string;
  finished_at: string | null;
};

export type AuditEntry = {
  id: string;
  object: 'audit_entry';
  mode: 'test' | 'live' | null;
  actor: {
    type: string;
    id: string;
    /** Of the person or the key, as it is called now */
    name: string | null;
  };
  action: string;
  object_id: string | null;
  request_id: string | null;
  address: string | null;
  details: PasskeyCredential;
  created_at: string;
};

export type AuditPage = {
  data: AuditEntry[];
  has_more: boolean;
  next: string | null;
};

export type Branding = {
  object: 'branding';
  name: string;
  /** Colour of the button to pay; what stands on it is black or white, as reads better */
  accent: string | null;
  /** Path of the picture */
  logo: string | null;
  support_url: string | null;
  support_email: string | null;
};

export type CancelPayment = {
  reason?: string | undefined;
};

/** Without `amount`, everything that was authorized */
export type CapturePayment = {
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount?: number | undefined;
};

export type CardDataFinding = {
  id: string;
  object: 'card_data_finding';
  mode: 'test' | 'live';
  stream: 'answer' | 'webhook' | 'mail' | 'log';
  /** The route of an answer, the type of an event, the template of a mail, whose log */
  place: string;
  /** Since this cause was told of last */
  count: number;
  /** The last request in which it was found */
  request: string | null;
  found_at: string;
};

export type CardDataReported = Accepted;

export type CardDisplay = {
  brand: string;
  last4: string;
  bin: string;
  exp_month: number;
  exp_year: number;
  funding: 'credit' | 'debit' | 'prepaid' | null;
  /** Of the issuer, ISO 3166-1 alpha-2 */
  country: string | null;
};

export type CardGate = {
  object: 'card_gate';
  mode: 'test' | 'live';
  scopes: GateScopes;
  open:
    | {
    id: string;
    object: 'card_gate_attestation';
    mode: 'test' | 'live';
    level:
      | 'saq_d_merchant'
      | 'saq_d_service_provider'
      | 'roc_merchant'
      | 'roc_service_provider';
    assessor: string;
    /** SHA-256 of the document, hexadecimal. The document itself stays with you */
    document_sha256: string;
    valid_from: string;
    valid_until: string;
    scopes: GateScopes;
    limits: RevealLimits;
    status:
      | 'requested'
      | 'scheduled'
      | 'open'
      | 'replaced'
      | 'expired'
      | 'rejected'
      | 'closed';
    requested_by: string;
    requested_at: string;
    decided_by: string | null;
    decided_at: string | null;
    closed_by: string | null;
    closed_at: string | null;
    /** person, or the incident that closed it */
    closed_cause:
      | 'person'
      | 'key_exposed'
      | 'card_data_found'
      | 'reveal_limits'
      | 'reveal_refusals'
      | null;
    closed_reason: string | null;
  }
    | null;
  requested:
    | {
    id: string;
    object: 'card_gate_attestation';
    mode: 'test' | 'live';
    level:
      | 'saq_d_merchant'
      | 'saq_d_service_provider'
      | 'roc_merchant'
      | 'roc_service_provider';
    assessor: string;
    /** SHA-256 of the document, hexadecimal. The document itself stays with you */
    document_sha256: string;
    valid_from: string;
    valid_until: string;
    scopes: GateScopes;
    limits: RevealLimits;
    status:
      | 'requested'
      | 'scheduled'
      | 'open'
      | 'replaced'
      | 'expired'
      | 'rejected'
      | 'closed';
    requested_by: string;
    requested_at: string;
    decided_by: string | null;
    decided_at: string | null;
    closed_by: string | null;
    closed_at: string | null;
    /** person, or the incident that closed it */
    closed_cause:
      | 'person'
      | 'key_exposed'
      | 'card_data_found'
      | 'reveal_limits'
      | 'reveal_refusals'
      | null;
    closed_reason: string | null;
  }
    | null;
  closed:
    | {
    id: string;
    object: 'card_gate_attestation';
    mode: 'test' | 'live';
    level:
      | 'saq_d_merchant'
      | 'saq_d_service_provider'
      | 'roc_merchant'
      | 'roc_service_provider';
    assessor: string;
    /** SHA-256 of the document, hexadecimal. The document itself stays with you */
    document_sha256: string;
    valid_from: string;
    valid_until: string;
    scopes: GateScopes;
    limits: RevealLimits;
    status:
      | 'requested'
      | 'scheduled'
      | 'open'
      | 'replaced'
      | 'expired'
      | 'rejected'
      | 'closed';
    requested_by: string;
    requested_at: string;
    decided_by: string | null;
    decided_at: string | null;
    closed_by: string | null;
    closed_at: string | null;
    /** person, or the incident that closed it */
    closed_cause:
      | 'person'
      | 'key_exposed'
      | 'card_data_found'
      | 'reveal_limits'
      | 'reveal_refusals'
      | null;
    closed_reason: string | null;
  }
    | null;
};

export type CardGateAttestation = {
  id: string;
  object: 'card_gate_attestation';
  mode: 'test' | 'live';
  level:
    | 'saq_d_merchant'
    | 'saq_d_service_provider'
    | 'roc_merchant'
    | 'roc_service_provider';
  assessor: string;
  /** SHA-256 of the document, hexadecimal. The document itself stays with you */
  document_sha256: string;
  valid_from: string;
  valid_until: string;
  scopes: GateScopes;
  limits: RevealLimits;
  status:
    | 'requested'
    | 'scheduled'
    | 'open'
    | 'replaced'
    | 'expired'
    | 'rejected'
    | 'closed';
  requested_by: string;
  requested_at: string;
  decided_by: string | null;
  decided_at: string | null;
  closed_by: string | null;
  closed_at: string | null;
  /** person, or the incident that closed it */
  closed_cause:
    | 'person'
    | 'key_exposed'
    | 'card_data_found'
    | 'reveal_limits'
    | 'reveal_refusals'
    | null;
  closed_reason: string | null;
};

export type CardGateAttestationList = {
  data: CardGateAttestation[];
};

export type ChangeEmail = {
  /** Compared without regard to case */
  email: string;
  password: string;
};

export type ChangePassword = {
  current_password: string;
  password: string;
};

export type ChangedApiKey = {
  id: string;
  object: 'api_key';
  organization: string;
  mode: 'test' | 'live';
  kind: 'secret' | 'publishable' | 'signing';
  name: string;
  /** What uses it */
  service: string | null;
  /** Beginning and end of the key, to recognize it by */
  hint: string;
  status: 'active' | 'retiring' | 'disabled' | 'expired' | 'revoked';
  permissions: string[];
  ip_ranges: string[];
  allowed_origins: string[];
  /** Empty list: every amount; else other currencies are refused */
  amount_limits: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[];
  /** Empty list: bound to none in particular */
  customers: string[];
  rate_limit: number | null;
  api_version: string;
  owner: string | null;
  predecessor: string | null;
  successor: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  retires_at: string | null;
  disabled_at: string | null;
  disabled_reason: string | null;
  exposed_at: string | null;
  exposed_how: 'plain_http' | 'leak_report' | 'url' | 'browser' | null;
  /** The address it came from, or the URL where it was found */
  exposed_where: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
  propagation: Propagation;
};

export type CheckoutSession = {
  id: string;
  object: 'checkout_session';
  mode: 'test' | 'live';
  status: 'open' | 'complete' | 'expired';
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  currency: string;
  reference: string;
  description: string | null;
  return_url: string;
  cancel_url: string;
  customer: string | null;
  save_payment_method: boolean;
  /** Whether the security code of a saved card is asked for; `required` if left out */
  saved_card_code: 'required' | 'off';
  /** The payment that was made, or whose outcome is still open */
  payment: string | null;
  /** How often somebody tried to pay */
  tries: number;
  metadata: Record<string, string>;
  expires_at: string;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
};

export type CheckoutSessionPage = {
  data: CheckoutSession[];
  has_more: boolean;
  next: string | null;
};

export type CheckoutSessionWithUrl = {
  id: string;
  object: 'checkout_session';
  mode: 'test' | 'live';
  status: 'open' | 'complete' | 'expired';
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  currency: string;
  reference: string;
  description: string | null;
  return_url: string;
  cancel_url: string;
  customer: string | null;
  save_payment_method: boolean;
  /** Whether the security code of a saved card is asked for; `required` if left out */
  saved_card_code: 'required' | 'off';
  /** The payment that was made, or whose outcome is still open */
  payment: string | null;
  /** How often somebody tried to pay */
  tries: number;
  metadata: Record<string, string>;
  expires_at: string;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
  /** Where to send the visitor. Holds the secret of the session: shown only here */
  url: string;
};

export type CheckoutView = {
  id: string;
  object: 'checkout_view';
  mode: 'test' | 'live';
  status: 'open' | 'complete' | 'expired';
  /** The outcome of a payment is open: nothing can be paid */
  processing: boolean;
  /** To be sent with the next try */
  try: number;
  /** Of the last try */
  problem:
    | 'declined'
    | 'insufficient_funds'
    | 'limit_exceeded'
    | 'expired_card'
    | 'incorrect_number'
    | 'incorrect_cvc'
    | 'authentication_required'
    | 'try_again'
    | null;
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  currency: string;
  reference: string;
  description: string | null;
  merchant: {
    name: string;
    /** Path of a picture */
    logo: string | null;
    /** Colour as `#rrggbb` */
    accent: string | null;
    support_url: string | null;
    support_email: string | null;
  };
  saved_cards: {
    id: string;
    card: {
      brand: string;
      last4: string;
      exp_month: number;
      exp_year: number;
      funding: 'credit' | 'debit' | 'prepaid' | null;
      /** Of the issuer, ISO 3166-1 alpha-2 */
      country: string | null;
    };
  }[];
  /** Whether the security code of a saved card is asked for; `required` if left out */
  saved_card_code: 'required' | 'off';
  may_save: boolean;
  /** For the secure fields: creates tokens, and nothing else */
  collect_key: string | null;
  /** Where to go once it is paid, or under way */
  return_url: string | null;
  cancel_url: string;
  expires_at: string;
};

export type CloseCardGate = {
  reason: string;
};

export type ConfirmCheckout = {
  /** As last shown */
  try: number;
  /** A new card; either this or `payment_method` */
  token?: string | undefined;
  /** A saved card of the session`s customer */
  payment_method?: string | undefined;
  /** The security code, typed again for a saved card */
  cvc_token?: string | undefined;
  /** The visitor wants the card to be saved */
  save?: boolean | undefined;
};

export type CreateApiKey = {
  name: string;
  /** What uses it */
  service?: string | null | undefined;
  /** At most what you may do yourself */
  permissions?: (
    | 'tokens:create'
    | 'tokens:read'
    | 'tokens:delete'
    | 'payments:read'
    | 'payments:write'
    | 'refunds:read'
    | 'refunds:write'
    | 'checkout:read'
    | 'checkout:write'
    | 'reports:read'
    | 'customers:read'
    | 'customers:write'
    | 'cards:create_raw'
    | 'cards:reveal'
    | 'card_gate:read'
    | 'card_gate:request'
    | 'card_gate:approve'
    | 'card_gate:close'
    | 'cards:forward'
    | 'forwarding:read'
    | 'forwarding:write'
    | 'forwarding:approve'
    | 'events:read'
    | 'requests:read'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'keys:read'
    | 'keys:write'
    | 'keys:revoke'
    | 'keys:roll_self'
    | 'members:read'
    | 'members:write'
    | 'members:suspend'
    | 'roles:write'
    | 'organization:write'
    | 'audit_log:read'
    | 'security_policy:read'
    | 'security_policy:write'
  )[] | undefined;
  ip_ranges?: string[] | undefined;
  /** Of a publishable key */
  allowed_origins?: string[] | undefined;
  amount_limits?: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[] | undefined;
  customers?: string[] | undefined;
  /** Requests per second */
  rate_limit?: number | null | undefined;
  expires_at?: string | null | undefined;
  kind?: 'secret' | 'publishable' | 'signing' | undefined;
  /** Of a signing key: Ed25519, as PEM, JWK or base64 of 32 bytes */
  public_key?: string | undefined;
  encrypt_to?: EncryptTo | undefined;
};

export type CreateCheckoutSession = {
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  /** ISO 4217 code; answered in upper case */
  currency: string;
  /** Your own number for what is paid; the visitor sees it */
  reference: string;
  /** Where the visitor goes after paying; https, in test mode also http://localhost */
  return_url: string;
  /** Where the visitor goes who does not pay */
  cancel_url: string;
  /** Seconds until nobody can pay any more */
  expires_in?: number | undefined;
  /** Whose saved cards are offered */
  customer?: string | undefined;
  /** Offer to save the card for `customer` */
  save_payment_method?: boolean | undefined;
  /** Whether the security code of a saved card is asked for; `required` if left out */
  saved_card_code?: 'required' | 'off' | undefined;
  /** What is paid for; the visitor sees it */
  description?: string | undefined;
  metadata?: Metadata | undefined;
};

export type CreateCustomer = {
  /** Your own number for this customer; unique */
  reference?: string | undefined;
  name?: string | undefined;
  email?: string | undefined;
  metadata?: Metadata | undefined;
};

/** The security code of a saved card, asked for once more */
export type CreateCvcToken = {
  type: 'cvc';
  /** Three digits, American Express four. Kept in memory only, 15 minutes */
  cvc: string;
};

/** Exactly one of `token` and `payment_method` */
export type CreateForward = {
  /** Sends a card that was just collected, and uses it up */
  token?: string | undefined;
  /** Sends a saved card, which stays saved */
  payment_method?: string | undefined;
  /** The security code of the saved card, which its holder has just typed */
  cvc_token?: string | undefined;
  request: {
    url: string;
    method: 'POST' | 'PUT' | 'PATCH';
    headers?: ForwardHeaders | undefined;
    /**
     * With placeholders such as `{{card.number}}`. The content type is that of the destination;
     * for a form, every value is a text
     */
    body: Record<string, unknown>;
  };
};

export type CreateForwardDestination = {
  name: string;
  /** https, host, port if not 443, and the path that every request begins with */
  url: string;
  content_type: 'application/json' | 'application/x-www-form-urlencoded';
  fields: ForwardFields;
};

export type CreateInvitation = {
  /** Compared without regard to case */
  email: string;
  roles: RolesByMode;
};

export type CreateOrganization = {
  name: string;
};

export type CreatePayment = {
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  /** ISO 4217 code; answered in upper case */
  currency: string;
  /** A token from the vault; either this or `payment_method` */
  token?: string | undefined;
  /** A saved card */
  payment_method?: string | undefined;
  /** The security code of the saved card, which its holder has just typed */
  cvc_token?: string | undefined;
  capture?: 'automatic' | 'manual' | undefined;
  /** Your own number for this payment */
  reference?: string | undefined;
  description?: string | undefined;
  metadata?: Metadata | undefined;
  /** Save the card for this customer: a `cus_…` id, or your own customer reference */
  save_for?: string | undefined;
  initiated_by?: 'customer' | 'merchant' | undefined;
};

/** Without `amount`, everything that is left */
export type CreateRefund = {
  payment: string;
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount?: number | undefined;
  reason?: string | undefined;
  metadata?: Metadata | undefined;
};

export type CreateReveal = {
  token?: string | undefined;
  payment_method?: string | undefined;
  /** To which the card is sealed */
  recipient: string;
  reason: {
    code:
      | 'dispute'
      | 'fraud_review'
      | 'migration'
      | 'legal_request'
      | 'other';
    /** For whoever looks at it later */
    text: string;
  };
};

export type CreateRevealKey = {
  /** Where the private key is, and who looks after it */
  name: string;
  public_key: RevealPublicKey;
};

export type CreateRole = {
  name: string;
  description?: string | undefined;
  permissions: (
    | 'tokens:create'
    | 'tokens:read'
    | 'tokens:delete'
    | 'payments:read'
    | 'payments:write'
    | 'refunds:read'
    | 'refunds:write'
    | 'checkout:read'
    | 'checkout:write'
    | 'reports:read'
    | 'customers:read'
    | 'customers:write'
    | 'cards:create_raw'
    | 'cards:reveal'
    | 'card_gate:read'
    | 'card_gate:request'
    | 'card_gate:approve'
    | 'card_gate:close'
    | 'cards:forward'
    | 'forwarding:read'
    | 'forwarding:write'
    | 'forwarding:approve'
    | 'events:read'
    | 'requests:read'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'keys:read'
    | 'keys:write'
    | 'keys:revoke'
    | 'keys:roll_self'
    | 'members:read'
    | 'members:write'
    | 'members:suspend'
    | 'roles:write'
    | 'organization:write'
    | 'audit_log:read'
    | 'security_policy:read'
    | 'security_policy:write'
  )[];
};

export type CreateSetupLink = {
  /** May be left out while there is only one organization */
  organization?: string | undefined;
};

export type CreateToken = {
  type: 'card';
  card: {
    /** 12 to 19 digits; single spaces or dashes between groups are tolerated */
    number: string;
    /** 1 to 12 */
    exp_month: number;
    /** Four digits, e.g. 2031 */
    exp_year: number;
    /** Three digits, American Express four. Kept in memory only, 15 minutes */
    cvc?: string | undefined;
    /** Cardholder, 1 to 100 characters */
    name?: string | undefined;
  };
  /** Seconds; an hour if left out, and at most with a publishable key */
  expires_in?: number | undefined;
  /** With `false` it pays as often as asked until it expires. Secret keys only */
  single_use?: boolean | undefined;
};

/** Without `events`, all of them */
export type CreateWebhookEndpoint = {
  /** https only */
  url: string;
  events?: (
    | 'payment.processing'
    | 'payment.requires_capture'
    | 'payment.succeeded'
    | 'payment.failed'
    | 'payment.canceled'
    | 'refund.pending'
    | 'refund.succeeded'
    | 'refund.failed'
    | 'checkout_session.completed'
    | 'checkout_session.expired'
    | 'customer.created'
    | 'payment_method.saved'
    | 'payment_method.updated'
    | 'payment_method.deleted'
    | 'api_key.created'
    | 'api_key.updated'
    | 'api_key.rotated'
    | 'api_key.disabled'
    | 'api_key.enabled'
    | 'api_key.revoked'
    | 'api_key.expiring'
    | 'api_key.overdue'
    | 'api_key.expired'
    | 'api_key.exposed'
    | 'api_key.beyond_owner'
    | 'api_key_policy.updated'
    | 'card_gate.requested'
    | 'card_gate.opened'
    | 'card_gate.rejected'
    | 'card_gate.closed'
    | 'card_gate.expiring'
    | 'card_gate.expired'
    | 'reveal_key.requested'
    | 'reveal_key.approved'
    | 'reveal_key.removed'
    | 'card.revealed'
    | 'card_data.found'
    | 'member.joined'
    | 'member.roles_changed'
    | 'member.disabled'
    | 'member.enabled'
    | 'member.locked'
    | 'member.unlocked'
    | 'member.factor_reset_requested'
    | 'member.factor_reset_approved'
    | 'member.factor_reset_refused'
    | 'invitation.created'
    | 'invitation.revoked'
    | 'role.created'
    | 'role.updated'
    | 'role.deleted'
    | 'security_policy.updated'
    | 'forward.answered'
    | 'forward.not_sent'
    | 'forward.unknown'
    | 'forward_destination.created'
    | 'forward_destination.approved'
    | 'forward_destination.refused'
    | 'forward_destination.removed'
    | 'webhook_endpoint.created'
    | 'webhook_endpoint.updated'
    | 'webhook_endpoint.deleted'
    | 'webhook_endpoint.disabled'
    | '*'
  )[] | undefined;
  description?: string | undefined;
};

export type CurrencyReport = {
  currency: string;
  payments: number;
  /** That the issuer agreed to */
  authorized: number;
  failed: number;
  /** Whose outcome is not known yet */
  open: number;
  /** Authorized among those with an outcome; null when there are none */
  success_rate: number | null;
  captured: number;
  /** Refunds made in this time */
  refunded: number;
  refunds: number;
  /** Captured, per captured payment */
  average: number | null;
  /** Every step of the time, empty ones too */
  series: ReportStep[];
};

export type Customer = {
  id: string;
  object: 'customer';
  mode: 'test' | 'live';
  reference: string | null;
  name: string | null;
  email: string | null;
  metadata: Record<string, string>;
  created_at: string;
};

export type CustomerPage = {
  data: Customer[];
  has_more: boolean;
  next: string | null;
};

/** Stands for a security code, for one payment with a saved card */
export type CvcToken = {
  id: string;
  object: 'cvc_token';
  mode: 'test' | 'live';
  created_at: string;
  expires_at: string;
};

export type Deleted = {
  id: string;
  deleted: true;
};

export type Delivery = {
  id: string;
  object: 'delivery';
  mode: 'test' | 'live';
  endpoint: string;
  event: string;
  event_type: string;
  status: 'pending' | 'succeeded' | 'failed';
  attempts: DeliveryAttempt[];
  next_attempt_at: string | null;
  created_at: string;
};

export type DeliveryAttempt = {
  number: number;
  started_at: string;
  duration_ms: number;
  status: number | null;
  error: string | null;
  response: string | null;
};

export type DeliveryPage = {
  data: Delivery[];
  has_more: boolean;
  next: string | null;
};

export type Departure = {
  sessions: number;
  invitations: number;
  /** They alone own these */
  api_keys: ApiKey[];
};

export type DisableApiKey = CancelPayment;

export type DisableMember = {
  /** Those of the keys they own that end with them */
  revoke_api_keys?: string[] | undefined;
};

export type EnableMember = {
  /** Known: while they were disabled, others let them enrol new factors */
  factors_replaced?: true | undefined;
};

export type EncryptTo = {
  kty: 'RSA' | 'EC' | 'OKP';
  crv?: 'P-256' | 'X25519' | undefined;
  n?: string | undefined;
  e?: string | undefined;
  x?: string | undefined;
  y?: string | undefined;
  kid?: string | undefined;
  use?: 'enc' | undefined;
  alg?: 'RSA-OAEP-256' | 'ECDH-ES' | 'ECDH-ES+A256KW' | undefined;
};

export type Ended = {
  /** How many sessions */
  ended: number;
};

export type Enrolled = {
  session: Session;
  /** Shown once */
  recovery_codes: string[];
};

export type Event = {
  id: string;
  object: 'event';
  type: string;
  mode: 'test' | 'live';
  api_version: string;
  created_at: string;
  /** Counts the events of one object without gaps, from 1 */
  sequence: number;
  request_id: string | null;
  data: Record<string, unknown>;
};

export type EventPage = {
  data: Event[];
  has_more: boolean;
  next: string | null;
};

export type FactorReset = {
  id: string;
  object: 'factor_reset';
  member: string;
  name: string;
  email: string;
  reason: string;
  address: string | null;
  status: 'pending' | 'approved' | 'refused';
  decided_by: string | null;
  created_at: string;
  decided_at: string | null;
};

export type FactorResetList = {
  data: FactorReset[];
};

export type Factors = {
  passkeys: Passkey[];
  totp:
    | {
      created_at: string;
      last_used_at: string | null;
    }
    | null;
  recovery_codes: {
    left: number;
  };
  /** By the organization */
  allowed: ('passkey' | 'totp')[];
};

export type FactorsReset = {
  account: string;
  email: string;
  enroll_until: string;
};

/** One refused place of a request */
export type FieldError = {
  /** Where it is, as a JSON pointer (RFC 6901), e.g. `/card/exp_year` */
  pointer: string;
  /** What is wrong with it, for programs */
  code: string;
  /** What is wrong with it, for people */
  message: string;
  /** What to do about it */
  fix: string;
};

export type FindCard = {
  organization: string;
  mode: 'test' | 'live';
  payment_method: string;
};

export type ForwardDestination = {
  id: string;
  object: 'forward_destination';
  mode: 'test' | 'live';
  name: string;
  url: string;
  content_type: 'application/json' | 'application/x-www-form-urlencoded';
  fields: ForwardFields;
  /** In live mode a second person has to approve it; in test mode it is active */
  status: 'pending' | 'active' | 'refused' | 'removed';
  requested_by: string;
  decided_by: string | null;
  created_at: string;
  decided_at: string | null;
  removed_at: string | null;
};

export type ForwardDestinationDone = {
  destination: string;
  done: boolean;
};

export type ForwardDestinationPage = {
  data: ForwardDestination[];
  has_more: boolean;
  next: string | null;
};

export type ForwardFields = {
  number?: string[] | undefined;
  expiry?: string[] | undefined;
  code?: string[] | undefined;
  name?: string[] | undefined;
};

export type ForwardHeaders = Record<string, string>;

export type ForwardPage = {
  data: ForwardSummary[];
  has_more: boolean;
  next: string | null;
};

export type ForwardRecord = {
  id: string;
  object: 'forward';
  mode: 'test' | 'live';
  /** `unknown`: it may have arrived. Nothing is ever sent a second time */
  status: 'sending' | 'answered' | 'not_sent' | 'unknown';
  destination: string;
  token: string | null;
  payment_method: string | null;
  failure: string | null;
  created_at: string;
  finished_at: string | null;
  request: {
    method: 'POST' | 'PUT' | 'PATCH';
    url: string;
    headers: Record<string, string>;
    body: Record<string, unknown>;
  };
  response:
    | {
    status: number;
    headers: Record<string, string>;
    /** JSON where it was JSON, otherwise text */
    body: unknown;
    redacted: 'none' | 'replaced' | 'withheld';
    withheld_because: string | null;
  }
    | null;
};

export type ForwardRequest = {
  organization: string;
  mode: 'test' | 'live';
  destination: string;
  token: string;
  cvc_token?: string | undefined;
  forward: string;
  saved: boolean;
  timeout_ms: number;
  not_after_ms: number;
  request: {
    method: 'POST' | 'PUT' | 'PATCH';
    url: string;
    headers: ForwardHeaders;
    body: Record<string, unknown>;
  };
};

export type ForwardSummary = {
  id: string;
  object: 'forward';
  mode: 'test' | 'live';
  /** `unknown`: it may have arrived. Nothing is ever sent a second time */
  status: 'sending' | 'answered' | 'not_sent' | 'unknown';
  destination: string;
  token: string | null;
  payment_method: string | null;
  failure: string | null;
  created_at: string;
  finished_at: string | null;
  method: 'POST' | 'PUT' | 'PATCH';
  url: string;
  response_status: number | null;
};

export type FoundCard = {
  token: string;
};

export type GateScopes = {
  /** Card numbers from servers in live mode */
  raw_cards: boolean;
  /** Reading stored card numbers */
  reveal: boolean;
};

export type Invitation = {
  id: string;
  object: 'invitation';
  email: string;
  roles: RolesByMode;
  status: 'open' | 'accepted' | 'revoked' | 'expired';
  invited_by: string;
  invited_by_name: string;
  mailed: boolean;
  created_at: string;
  expires_at: string;
};

export type InvitationList = {
  data: Invitation[];
};

export type InvitationPreview = {
  organization: string;
  email: string;
  invited_by: string;
  roles: {
    test: string | null;
    live: string | null;
  };
  expires_at: string;
  /** Then sign in first, and accept after. Null by a link that was not mailed */
  account_exists: boolean | null;
};

export type InvitationWithLink = {
  id: string;
  object: 'invitation';
  email: string;
  roles: RolesByMode;
  status: 'open' | 'accepted' | 'revoked' | 'expired';
  invited_by: string;
  invited_by_name: string;
  mailed: boolean;
  created_at: string;
  expires_at: string;
  /** Shown once; only for the person with this email address */
  link: string;
};

export type LinkOnly = {
  token: string;
};

export type ListApiKeys = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  kind?: 'secret' | 'publishable' | 'signing' | undefined;
  status?: 'active' | 'retiring' | 'disabled' | 'expired' | 'revoked' | undefined;
  owner?: string | undefined;
};

export type ListAuditLog = {
  limit?: number | undefined;
  after?: string | undefined;
  before?: string | undefined;
  /** Id of a member, an account or a key */
  actor?: string | undefined;
  actor_type?:
    | 'api_key'
    | 'member'
    | 'account'
    | 'checkout_session'
    | 'anonymous'
    | 'operator'
    | 'system'
    | undefined;
  /** e.g. `payment.create`; `payment.*` for all of a kind */
  action?: string | undefined;
  object_id?: string | undefined;
  request_id?: string | undefined;
  /** `none`: the organization as a whole */
  mode?: 'test' | 'live' | 'none' | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
};

export type ListCheckoutSessions = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  status?: 'open' | 'complete' | 'expired' | undefined;
  customer?: string | undefined;
  /** Exactly this one */
  reference?: string | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
};

export type ListCustomers = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  /** An id, or the beginning of an email address, of a reference, or of names */
  q?: string | undefined;
  /** Exactly this one */
  reference?: string | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
};

export type ListDeliveries = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  status?: 'pending' | 'succeeded' | 'failed' | undefined;
  event?: string | undefined;
};

export type ListEvents = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  type?:
    | 'payment.processing'
    | 'payment.requires_capture'
    | 'payment.succeeded'
    | 'payment.failed'
    | 'payment.canceled'
    | 'refund.pending'
    | 'refund.succeeded'
    | 'refund.failed'
    | 'checkout_session.completed'
    | 'checkout_session.expired'
    | 'customer.created'
    | 'payment_method.saved'
    | 'payment_method.updated'
    | 'payment_method.deleted'
    | 'api_key.created'
    | 'api_key.updated'
    | 'api_key.rotated'
    | 'api_key.disabled'
    | 'api_key.enabled'
    | 'api_key.revoked'
    | 'api_key.expiring'
    | 'api_key.overdue'
    | 'api_key.expired'
    | 'api_key.exposed'
    | 'api_key.beyond_owner'
    | 'api_key_policy.updated'
    | 'card_gate.requested'
    | 'card_gate.opened'
    | 'card_gate.rejected'
    | 'card_gate.closed'
    | 'card_gate.expiring'
    | 'card_gate.expired'
    | 'reveal_key.requested'
    | 'reveal_key.approved'
    | 'reveal_key.removed'
    | 'card.revealed'
    | 'card_data.found'
    | 'member.joined'
    | 'member.roles_changed'
    | 'member.disabled'
    | 'member.enabled'
    | 'member.locked'
    | 'member.unlocked'
    | 'member.factor_reset_requested'
    | 'member.factor_reset_approved'
    | 'member.factor_reset_refused'
    | 'invitation.created'
    | 'invitation.revoked'
    | 'role.created'
    | 'role.updated'
    | 'role.deleted'
    | 'security_policy.updated'
    | 'forward.answered'
    | 'forward.not_sent'
    | 'forward.unknown'
    | 'forward_destination.created'
    | 'forward_destination.approved'
    | 'forward_destination.refused'
    | 'forward_destination.removed'
    | 'webhook_endpoint.created'
    | 'webhook_endpoint.updated'
    | 'webhook_endpoint.deleted'
    | 'webhook_endpoint.disabled'
    | undefined;
  /** Id of the object the events are about */
  object?: string | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
};

export type ListForwardDestinations = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
};

export type ListForwards = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  destination?: string | undefined;
  /** `unknown`: it may have arrived. Nothing is ever sent a second time */
  status?: 'sending' | 'answered' | 'not_sent' | 'unknown' | undefined;
};

export type ListPaymentMethods = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  customer?: string | undefined;
  fingerprint?: string | undefined;
  last4?: string | undefined;
  brand?: string | undefined;
};

export type ListPayments = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  /**
   * One box for all: the id of a payment, attempt, refund, customer, token, saved card, event
   * or (for 30 days) request; the last four digits of a card; the beginning of the reference,
   * of words of the description, or, with the permission to see customers, of their name, email
   * or reference
   */
  q?: string | undefined;
  /**
   * One or several of processing, requires_capture, succeeded, failed, canceled, separated by
   * commas
   */
  status?: string | undefined;
  /** In part or in full */
  refunded?: boolean | undefined;
  /** ISO 4217 code; answered in upper case */
  currency?: string | undefined;
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount_min?: number | undefined;
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount_max?: number | undefined;
  customer?: string | undefined;
  /** Exactly this one */
  reference?: string | undefined;
  last4?: string | undefined;
  decline_code?: string | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
};

export type ListRefunds = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  payment?: string | undefined;
  status?: 'pending' | 'succeeded' | 'failed' | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
};

export type ListRequests = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
  /** Id of an object: what was asked about it */
  object?: string | undefined;
  request_id?: string | undefined;
  status?: '2xx' | '4xx' | '5xx' | undefined;
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | undefined;
  created_after?: string | undefined;
  created_before?: string | undefined;
};

export type ListReveals = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
};

export type ListWebhookEndpoints = {
  limit?: number | undefined;
  /** The last id of the page before: continues with older ones */
  after?: string | undefined;
  /** The first id seen: the newer ones next to it */
  before?: string | undefined;
};

export type Member = {
  id: string;
  object: 'member';
  account: string;
  name: string;
  email: string;
  roles: RolesByMode;
  status: 'active' | 'disabled';
  locked_until: string | null;
  factors: {
    passkeys: number;
    totp: boolean;
    recovery_codes: number;
  };
  last_seen_at: string | null;
  /** Open now */
  sessions: number;
  invited_by: string | null;
  created_at: string;
  disabled_at: string | null;
};

export type MemberList = {
  data: Member[];
};

export type Metadata = Record<string, string>;

export type NewTotp = {
  /** Base32, for typing */
  secret: string;
  /** otpauth:// URI, for a QR code */
  uri: string;
};

export type OperatorApiKeyScope = {
  organization?: string | undefined;
  mode: 'test' | 'live';
};

export type OperatorCreateApiKey = {
  name: string;
  /** What uses it */
  service?: string | null | undefined;
  /** At most what you may do yourself */
  permissions?: (
    | 'tokens:create'
    | 'tokens:read'
    | 'tokens:delete'
    | 'payments:read'
    | 'payments:write'
    | 'refunds:read'
    | 'refunds:write'
    | 'checkout:read'
    | 'checkout:write'
    | 'reports:read'
    | 'customers:read'
    | 'customers:write'
    | 'cards:create_raw'
    | 'cards:reveal'
    | 'card_gate:read'
    | 'card_gate:request'
    | 'card_gate:approve'
    | 'card_gate:close'
    | 'cards:forward'
    | 'forwarding:read'
    | 'forwarding:write'
    | 'forwarding:approve'
    | 'events:read'
    | 'requests:read'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'keys:read'
    | 'keys:write'
    | 'keys:revoke'
    | 'keys:roll_self'
    | 'members:read'
    | 'members:write'
    | 'members:suspend'
    | 'roles:write'
    | 'organization:write'
    | 'audit_log:read'
    | 'security_policy:read'
    | 'security_policy:write'
  )[] | undefined;
  ip_ranges?: string[] | undefined;
  /** Of a publishable key */
  allowed_origins?: string[] | undefined;
  amount_limits?: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[] | undefined;
  customers?: string[] | undefined;
  /** Requests per second */
  rate_limit?: number | null | undefined;
  expires_at?: string | null | undefined;
  kind?: 'secret' | 'publishable' | 'signing' | undefined;
  /** Of a signing key: Ed25519, as PEM, JWK or base64 of 32 bytes */
  public_key?: string | undefined;
  encrypt_to?: EncryptTo | undefined;
  /** May be left out while there is only one organization */
  organization?: string | undefined;
  mode: 'test' | 'live';
  /** Email address of the member whose key it is; the key can end with them */
  owner?: string | undefined;
};

export type OperatorListApiKeys = {
  organization?: string | undefined;
  mode?: 'test' | 'live' | undefined;
};

export type OperatorPasswordLink = {
  email: string;
};

export type OperatorResetFactors = OperatorPasswordLink;

export type OperatorUnlock = OperatorPasswordLink;

export type Organization = {
  id: string;
  object: 'organization';
  name: string;
  created_at: string;
};

export type OrganizationList = {
  data: Organization[];
};

export type Passkey = {
  id: string;
  name: string;
  /** Kept by a password manager on several devices */
  synced: boolean;
  created_at: string;
  last_used_at: string | null;
};

/** RegistrationResponseJSON or AuthenticationResponseJSON of WebAuthn */
export type PasskeyCredential = Record<string, unknown>;

export type PasskeyOptions = {
  options: PasskeyCredential;
};

export type PasskeySignIn = {
  credential: PasskeyCredential;
};

export type PasswordLink = {
  email: string;
  /** Works once */
  link: string;
  expires_at: string;
};

export type PasswordSignIn = ChangeEmail;

export type Payment = {
  id: string;
  object: 'payment';
  mode: 'test' | 'live';
  status:
    | 'processing'
    | 'requires_capture'
    | 'succeeded'
    | 'failed'
    | 'canceled';
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  currency: string;
  amount_captured: number;
  amount_refunded: number;
  amount_refundable: number;
  capture: 'automatic' | 'manual';
  initiated_by: 'customer' | 'merchant';
  card: CardDisplay;
  token: string | null;
  payment_method: string | null;
  customer: string | null;
  checkout_session: string | null;
  reference: string | null;
  description: string | null;
  metadata: Record<string, string>;
  decline_code: string | null;
  failure: string | null;
  created_at: string;
  updated_at: string;
};

export type PaymentMethod = {
  id: string;
  object: 'payment_method';
  mode: 'test' | 'live';
  customer: string;
  type: 'card';
  card: CardDisplay;
  /**
   * The same for the same card number, in this organization and mode. Not in events; null for
   * one that was saved twice before that was noticed
   */
  fingerprint?: string | null | undefined;
  created_at: string;
  updated_at: string;
};

export type PaymentMethodPage = {
  data: PaymentMethod[];
  has_more: boolean;
  next: string | null;
};

export type PaymentPage = {
  data: Payment[];
  has_more: boolean;
  next: string | null;
};

export type PaymentReport = {
  object: 'payment_report';
  from: string;
  to: string;
  interval: 'hour' | 'day';
  time_zone: string;
  /** The one with most payments first */
  currencies: CurrencyReport[];
  /** The most frequent ten first */
  declines: {
    decline_code: string;
    payments: number;
  }[];
};

export type PaymentWithAttempts = {
  id: string;
  object: 'payment';
  mode: 'test' | 'live';
  status:
    | 'processing'
    | 'requires_capture'
    | 'succeeded'
    | 'failed'
    | 'canceled';
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  currency: string;
  amount_captured: number;
  amount_refunded: number;
  amount_refundable: number;
  capture: 'automatic' | 'manual';
  initiated_by: 'customer' | 'merchant';
  card: CardDisplay;
  token: string | null;
  payment_method: string | null;
  customer: string | null;
  checkout_session: string | null;
  reference: string | null;
  description: string | null;
  metadata: Record<string, string>;
  decline_code: string | null;
  failure: string | null;
  created_at: string;
  updated_at: string;
  attempts: Attempt[];
};

export type PolicyPreview = {
  you: string[];
  locked_out: {
    member: string;
    name: string;
    email: string;
    reasons: ('factor' | 'email_domain' | 'address')[];
  }[];
};

/** Every error answer: RFC 9457 with members of our own */
export type Problem = {
  /** Path of the code in this documentation, e.g. `/docs/errors#card_declined` */
  type: string;
  /** What happened, the same for every answer with this code */
  title: string;
  /** The HTTP status once more */
  status: number;
  /** What to switch on in a program */
  code: ErrorCode;
  /** What happened this time */
  detail: string;
  /** Names this request in the logs; tell it to support */
  request_id: string;
  /** Whether the same request may succeed later */
  retryable: boolean;
  /** What to do about it */
  fix: string;
  /** The parameter that is at fault */
  param?: string | undefined;
  /** Why the issuer declined */
  decline_code?: string | undefined;
  /** Id of the payment that the request made */
  payment?: string | undefined;
  /** Id of the forward that the request made */
  forward?: string | undefined;
  /** Of `step_up_required`: what can be given */
  methods?: string[] | undefined;
  /** Every refused place, where there are several */
  errors?: FieldError[] | undefined;
};

export type Propagation = {
  /** Processes that remember keys, at the time of the change */
  nodes: number;
  acknowledged: number;
  /** From the change to the last acknowledgement so far */
  milliseconds: number | null;
  /** Those silent so far: they trust nothing they remember for over a second */
  waiting: {
    node: string;
    kind: 'server' | 'vault';
    seen_at: string;
  }[];
};

export type RecordReveal = {
  id: string;
  token: string;
  payment_method: string | null;
  recipient: string;
  reason: {
    code:
      | 'dispute'
      | 'fraud_review'
      | 'migration'
      | 'legal_request'
      | 'other';
    /** For whoever looks at it later */
    text: string;
  };
  organization: string;
  mode: 'test' | 'live';
  key: string;
  address: string;
};

export type RecoveryCodeSignIn = {
  code: string;
};

export type RecoveryCodes = {
  /** Ten, shown once; the old ones are void */
  codes: string[];
};

export type Refund = {
  id: string;
  object: 'refund';
  mode: 'test' | 'live';
  payment: string;
  status: 'pending' | 'succeeded' | 'failed';
  /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
  amount: number;
  currency: string;
  reason: string | null;
  metadata: Record<string, string>;
  failure: string | null;
  created_at: string;
  updated_at: string;
};

export type RefundPage = {
  data: Refund[];
  has_more: boolean;
  next: string | null;
};

export type RefusalNoted = {
  noted: true;
};

export type RemoveForwardDestination = {
  organization: string;
  mode: 'test' | 'live';
  destination: string;
};

export type ReportCardData = {
  stream: 'answer' | 'log';
  /** The route of an answer, the type of an event, the template of a mail, whose log */
  place: string;
  count: number;
  request?: string | undefined;
  organization?: string | undefined;
  mode?: 'test' | 'live' | undefined;
  /** To whom it was answered */
  key?: string | undefined;
};

export type ReportPayments = {
  from: string;
  to: string;
  /** Length of a step of the series: at most 8 days by hour, 100 days by day */
  interval?: 'hour' | 'day' | undefined;
  /** IANA name, e.g. `Europe/Berlin`: when a day begins */
  time_zone?: string | undefined;
};

export type ReportStep = {
  start: string;
  payments: number;
  authorized: number;
  failed: number;
  captured: number;
};

export type RequestCardGate = {
  level:
    | 'saq_d_merchant'
    | 'saq_d_service_provider'
    | 'roc_merchant'
    | 'roc_service_provider';
  /** Who assessed, or who signed the self-assessment */
  assessor: string;
  /** SHA-256 of the document, hexadecimal. The document itself stays with you */
  document_sha256: string;
  valid_from?: string | undefined;
  /** At most 366 days after valid_from */
  valid_until: string;
  scopes: GateScopes;
  /** Of reveals; small unless you say so */
  limits?: {
    key_per_hour?: number | undefined;
    key_per_day?: number | undefined;
    all_per_hour?: number | undefined;
    all_per_day?: number | undefined;
  } | undefined;
};

export type RequestFactorReset = {
  reason: string;
};

export type RequestForwarded = {
  outcome: 'answered' | 'not_sent' | 'unknown';
  status: number | null;
  headers: Record<string, string>;
  body: unknown;
  redacted: 'none' | 'replaced' | 'withheld';
  detail: string | null;
};

export type RequestPage = {
  data: ApiRequest[];
  has_more: boolean;
  next: string | null;
};

export type RequestPasswordReset = {
  /** Compared without regard to case */
  email: string;
};

export type ResetPassword = {
  token: string;
  password: string;
};

export type Reveal = {
  id: string;
  token: string;
  payment_method: string | null;
  recipient: string;
  reason: {
    code:
      | 'dispute'
      | 'fraud_review'
      | 'migration'
      | 'legal_request'
      | 'other';
    /** For whoever looks at it later */
    text: string;
  };
  object: 'reveal';
  mode: 'test' | 'live';
  key: string;
  address: string;
  created_at: string;
};

export type RevealKey = {
  id: string;
  object: 'reveal_key';
  mode: 'test' | 'live';
  name: string;
  public_key: RevealPublicKey;
  /** RFC 7638, SHA-256, base64url: compare it out of band */
  thumbprint: string;
  status: 'requested' | 'approved' | 'removed';
  requested_by: string;
  requested_at: string;
  decided_by: string | null;
  decided_at: string | null;
  removed_by: string | null;
  removed_at: string | null;
};

export type RevealKeyList = {
  data: RevealKey[];
};

export type RevealLimits = {
  key_per_hour: number;
  key_per_day: number;
  all_per_hour: number;
  all_per_day: number;
};

export type RevealPage = {
  data: Reveal[];
  has_more: boolean;
  next: string | null;
};

export type RevealPublicKey = {
  kty: 'RSA' | 'EC';
  n?: string | undefined;
  e?: string | undefined;
  crv?: 'P-256' | undefined;
  x?: string | undefined;
  y?: string | undefined;
};

export type RevealRecorded = {
  recorded: true;
};

export type RevealRefused = {
  organization: string;
  mode: 'test' | 'live';
  key: string;
  code:
    | 'reveal_limit_exceeded'
    | 'not_found'
    | 'permission_denied'
    | 'reveal_key_unusable'
    | 'ip_not_allowed';
  address: string;
};

export type RevokeApiKey = {
  reason?: string | undefined;
  /** Those that came of it by rotation end as well */
  successors?: boolean | undefined;
};

export type Role = {
  /** e.g. `developer`, or `role_…` of a custom role */
  id: string;
  object: 'role';
  name: string;
  description: string | null;
  built_in: boolean;
  permissions: (
    | 'tokens:create'
    | 'tokens:read'
    | 'tokens:delete'
    | 'payments:read'
    | 'payments:write'
    | 'refunds:read'
    | 'refunds:write'
    | 'checkout:read'
    | 'checkout:write'
    | 'reports:read'
    | 'customers:read'
    | 'customers:write'
    | 'cards:create_raw'
    | 'cards:reveal'
    | 'card_gate:read'
    | 'card_gate:request'
    | 'card_gate:approve'
    | 'card_gate:close'
    | 'cards:forward'
    | 'forwarding:read'
    | 'forwarding:write'
    | 'forwarding:approve'
    | 'events:read'
    | 'requests:read'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'keys:read'
    | 'keys:write'
    | 'keys:revoke'
    | 'keys:roll_self'
    | 'members:read'
    | 'members:write'
    | 'members:suspend'
    | 'roles:write'
    | 'organization:write'
    | 'audit_log:read'
    | 'security_policy:read'
    | 'security_policy:write'
  )[];
  /** Active members who have it in some mode */
  members: number;
};

export type RoleList = {
  data: Role[];
};

export type RolesByMode = {
  /** e.g. `developer`, or `role_…` of a custom role */
  test: string | null;
  /** e.g. `developer`, or `role_…` of a custom role */
  live: string | null;
};

export type RollApiKey = {
  /** Seconds during which both work; 86400 unless said otherwise */
  overlap_seconds?: number | undefined;
  encrypt_to?: EncryptTo | undefined;
};

export type RotateApiKey = {
  /** Seconds during which both work; 86400 unless said otherwise */
  overlap_seconds?: number | undefined;
  encrypt_to?: EncryptTo | undefined;
  expires_at?: string | null | undefined;
  /** Of a signing key: Ed25519, as PEM, JWK or base64 of 32 bytes */
  public_key?: string | undefined;
};

export type RotatedApiKey = {
  predecessor: ApiKey;
  successor: ApiKeyWithSecret;
};

export type SealedCard = {
  id: string;
  object: 'sealed_card';
  mode: 'test' | 'live';
  token: string;
  recipient: string;
  /** Compact JWE (RFC 7516), A256GCM */
  jwe: string;
};

export type SecurityPolicy = {
  object: 'security_policy';
  allowed_factors: ('passkey' | 'totp')[];
  idle_minutes: number;
  session_hours: number;
  email_domains: string[];
  ip_ranges: string[];
  updated_at: string | null;
};

export type Session = {
  object: 'session';
  state: 'none' | 'second_factor' | 'enrollment' | 'active';
  /** To be sent as PayOS-CSRF with every change */
  csrf_token: string | null;
  account: Account | null;
  member: string | null;
  organization: {
      id: string;
      name: string;
    } | null;
  /** Those one can switch to */
  organizations: {
    id: string;
    name: string;
  }[];
  roles: {
    test: string | null;
    live: string | null;
  };
  permissions: {
    test: (
      | 'tokens:create'
      | 'tokens:read'
      | 'tokens:delete'
      | 'payments:read'
      | 'payments:write'
      | 'refunds:read'
      | 'refunds:write'
      | 'checkout:read'
      | 'checkout:write'
      | 'reports:read'
      | 'customers:read'
      | 'customers:write'
      | 'cards:create_raw'
      | 'cards:reveal'
      | 'card_gate:read'
      | 'card_gate:request'
      | 'card_gate:approve'
      | 'card_gate:close'
      | 'cards:forward'
      | 'forwarding:read'
      | 'forwarding:write'
      | 'forwarding:approve'
      | 'events:read'
      | 'requests:read'
      | 'webhooks:read'
      | 'webhooks:write'
      | 'keys:read'
      | 'keys:write'
      | 'keys:revoke'
      | 'keys:roll_self'
      | 'members:read'
      | 'members:write'
      | 'members:suspend'
      | 'roles:write'
      | 'organization:write'
      | 'audit_log:read'
      | 'security_policy:read'
      | 'security_policy:write'
    )[];
    live: (
      | 'tokens:create'
      | 'tokens:read'
      | 'tokens:delete'
      | 'payments:read'
      | 'payments:write'
      | 'refunds:read'
      | 'refunds:write'
      | 'checkout:read'
      | 'checkout:write'
      | 'reports:read'
      | 'customers:read'
      | 'customers:write'
      | 'cards:create_raw'
      | 'cards:reveal'
      | 'card_gate:read'
      | 'card_gate:request'
      | 'card_gate:approve'
      | 'card_gate:close'
      | 'cards:forward'
      | 'forwarding:read'
      | 'forwarding:write'
      | 'forwarding:approve'
      | 'events:read'
      | 'requests:read'
      | 'webhooks:read'
      | 'webhooks:write'
      | 'keys:read'
      | 'keys:write'
      | 'keys:revoke'
      | 'keys:roll_self'
      | 'members:read'
      | 'members:write'
      | 'members:suspend'
      | 'roles:write'
      | 'organization:write'
      | 'audit_log:read'
      | 'security_policy:read'
      | 'security_policy:write'
    )[];
  };
  /** What can be given now */
  factors: ('passkey' | 'totp' | 'recovery_code')[];
  /** What was given in this session */
  proofs: ('password' | 'passkey' | 'totp' | 'recovery_code')[];
  factor_at: string | null;
  /** Of a request to enrol anew */
  factor_reset: 'pending' | 'approved' | 'refused' | null;
  idle_expires_at: string | null;
  expires_at: string | null;
  /** Whether this installation can send mail */
  mail: boolean;
};

export type SetUp = {
  token: string;
  organization: string;
  name: string;
  /** Compared without regard to case */
  email: string;
  password: string;
};

export type SetupLink = {
  link: string | null;
};

export type SetupPreview = {
  organization: {
    id: string;
    name: string;
  };
};

/** With the field that belongs to `method` */
export type StepUp = {
  method: 'totp' | 'password' | 'passkey';
  code?: string | undefined;
  password?: string | undefined;
  credential?: PasskeyCredential | undefined;
};

export type SwitchOrganization = {
  organization: string;
};

export type Token = {
  id: string;
  object: 'token';
  mode: 'test' | 'live';
  card: {
    brand: string;
    last4: string;
    exp_month: number;
    exp_year: number;
    /** First six digits; like what follows, not for publishable keys */
    bin?: string | undefined;
    funding?: 'credit' | 'debit' | 'prepaid' | null | undefined;
    /** Of the issuer, ISO 3166-1 alpha-2 */
    country?: string | null | undefined;
  };
  single_use: boolean;
  created_at: string;
  expires_at: string;
};

export type TokenDetails = {
  id: string;
  object: 'token';
  mode: 'test' | 'live';
  /** `ready` to be paid with; `saved`: stands for a payment method from now on */
  status: 'ready' | 'used' | 'expired' | 'saved';
  /** Of a token that pays once; one that pays several times stays `ready` */
  single_use: boolean;
  card: CardDisplay;
  /** The same for the same card number; null once the card is gone */
  fingerprint: string | null;
  created_at: string;
  expires_at: string | null;
};

export type TotpSignIn = {
  code: string;
};

export type UpdateAccount = CreateOrganization;

export type UpdateApiKey = {
  name?: string | undefined;
  /** What uses it */
  service?: string | null | undefined;
  /** At most what you may do yourself */
  permissions?: (
    | 'tokens:create'
    | 'tokens:read'
    | 'tokens:delete'
    | 'payments:read'
    | 'payments:write'
    | 'refunds:read'
    | 'refunds:write'
    | 'checkout:read'
    | 'checkout:write'
    | 'reports:read'
    | 'customers:read'
    | 'customers:write'
    | 'cards:create_raw'
    | 'cards:reveal'
    | 'card_gate:read'
    | 'card_gate:request'
    | 'card_gate:approve'
    | 'card_gate:close'
    | 'cards:forward'
    | 'forwarding:read'
    | 'forwarding:write'
    | 'forwarding:approve'
    | 'events:read'
    | 'requests:read'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'keys:read'
    | 'keys:write'
    | 'keys:revoke'
    | 'keys:roll_self'
    | 'members:read'
    | 'members:write'
    | 'members:suspend'
    | 'roles:write'
    | 'organization:write'
    | 'audit_log:read'
    | 'security_policy:read'
    | 'security_policy:write'
  )[] | undefined;
  ip_ranges?: string[] | undefined;
  /** Of a publishable key */
  allowed_origins?: string[] | undefined;
  amount_limits?: {
    /** ISO 4217 code; answered in upper case */
    currency: string;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_payment: number | null;
    /** Minor units: 1999 is 19.99 EUR, 1999 is 1999 JPY */
    per_day: number | null;
  }[] | undefined;
  customers?: string[] | undefined;
  /** Requests per second */
  rate_limit?: number | null | undefined;
  expires_at?: string | null | undefined;
  /** Who looks after it from now on */
  owner?: string | undefined;
};

export type UpdateApiKeyPolicy = {
  max_age_days?: number | null | undefined;
  on_overdue?: 'warn' | 'freeze' | 'expire' | undefined;
  longest_expiry_days?: number | null | undefined;
  require_ip_ranges?: boolean | undefined;
  one_service_per_key?: boolean | undefined;
  on_plain_http?: 'flag' | 'disable' | 'revoke' | undefined;
  on_leak_report?: 'flag' | 'disable' | 'revoke' | undefined;
};

export type UpdateBranding = {
  /** Colour of the button to pay; what stands on it is black or white, as reads better */
  accent?: string | null | undefined;
  /** PNG, JPEG or WebP of at most 100 kB, in base64 */
  logo?: string | null | undefined;
  support_url?: string | null | undefined;
  support_email?: string | null | undefined;
};

export type UpdateMember = {
  roles: RolesByMode;
};

export type UpdateOrganization = CreateOrganization;

/** What is left out stays */
export type UpdatePaymentMethod = {
  exp_month?: number | undefined;
  exp_year?: number | undefined;
  /** The name on the card; never shown again */
  name?: string | undefined;
};

export type UpdateRole = {
  name?: string | undefined;
  description?: string | null | undefined;
  permissions?: (
    | 'tokens:create'
    | 'tokens:read'
    | 'tokens:delete'
    | 'payments:read'
    | 'payments:write'
    | 'refunds:read'
    | 'refunds:write'
    | 'checkout:read'
    | 'checkout:write'
    | 'reports:read'
    | 'customers:read'
    | 'customers:write'
    | 'cards:create_raw'
    | 'cards:reveal'
    | 'card_gate:read'
    | 'card_gate:request'
    | 'card_gate:approve'
    | 'card_gate:close'
    | 'cards:forward'
    | 'forwarding:read'
    | 'forwarding:write'
    | 'forwarding:approve'
    | 'events:read'
    | 'requests:read'
    | 'webhooks:read'
    | 'webhooks:write'
    | 'keys:read'
    | 'keys:write'
    | 'keys:revoke'
    | 'keys:roll_self'
    | 'members:read'
    | 'members:write'
    | 'members:suspend'
    | 'roles:write'
    | 'organization:write'
    | 'audit_log:read'
    | 'security_policy:read'
    | 'security_policy:write'
  )[] | undefined;
};

export type UpdateSecurityPolicy = {
  allowed_factors?: ('passkey' | 'totp')[] | undefined;
  idle_minutes?: number | undefined;
  session_hours?: number | undefined;
  email_domains?: string[] | undefined;
  ip_ranges?: string[] | undefined;
};

export type UpdateWebhookEndpoint = {
  /** https only */
  url?: string | undefined;
  events?: (
    | 'payment.processing'
    | 'payment.requires_capture'
    | 'payment.succeeded'
    | 'payment.failed'
    | 'payment.canceled'
    | 'refund.pending'
    | 'refund.succeeded'
    | 'refund.failed'
    | 'checkout_session.completed'
    | 'checkout_session.expired'
    | 'customer.created'
    | 'payment_method.saved'
    | 'payment_method.updated'
    | 'payment_method.deleted'
    | 'api_key.created'
    | 'api_key.updated'
    | 'api_key.rotated'
    | 'api_key.disabled'
    | 'api_key.enabled'
    | 'api_key.revoked'
    | 'api_key.expiring'
    | 'api_key.overdue'
    | 'api_key.expired'
    | 'api_key.exposed'
    | 'api_key.beyond_owner'
    | 'api_key_policy.updated'
    | 'card_gate.requested'
    | 'card_gate.opened'
    | 'card_gate.rejected'
    | 'card_gate.closed'
    | 'card_gate.expiring'
    | 'card_gate.expired'
    | 'reveal_key.requested'
    | 'reveal_key.approved'
    | 'reveal_key.removed'
    | 'card.revealed'
    | 'card_data.found'
    | 'member.joined'
    | 'member.roles_changed'
    | 'member.disabled'
    | 'member.enabled'
    | 'member.locked'
    | 'member.unlocked'
    | 'member.factor_reset_requested'
    | 'member.factor_reset_approved'
    | 'member.factor_reset_refused'
    | 'invitation.created'
    | 'invitation.revoked'
    | 'role.created'
    | 'role.updated'
    | 'role.deleted'
    | 'security_policy.updated'
    | 'forward.answered'
    | 'forward.not_sent'
    | 'forward.unknown'
    | 'forward_destination.created'
    | 'forward_destination.approved'
    | 'forward_destination.refused'
    | 'forward_destination.removed'
    | 'webhook_endpoint.created'
    | 'webhook_endpoint.updated'
    | 'webhook_endpoint.deleted'
    | 'webhook_endpoint.disabled'
    | '*'
  )[] | undefined;
  description?: string | null | undefined;
  status?: 'enabled' | 'disabled' | undefined;
};

export type WebhookEndpoint = {
  id: string;
  object: 'webhook_endpoint';
  mode: 'test' | 'live';
  url: string;
  events: string[];
  description: string | null;
  status: 'enabled' | 'disabled';
  disabled_reason: string | null;
  api_version: string;
  created_at: string;
  updated_at: string;
};

export type WebhookEndpointPage = {
  data: WebhookEndpoint[];
  has_more: boolean;
  next: string | null;
};

export type WebhookEndpointWithSecret = {
  id: string;
  object: 'webhook_endpoint';
  mode: 'test' | 'live';
  url: string;
  events: string[];
  description: string | null;
  status: 'enabled' | 'disabled';
  disabled_reason: string | null;
  api_version: string;
  created_at: string;
  updated_at: string;
  /** Shown once. Verifies the signatures of deliveries. */
  secret: string;
};

/** What to switch on in a program */
export type ErrorCode =
  | 'malformed_json'
  | 'duplicate_key'
  | 'too_deeply_nested'
  | 'invalid_text'
  | 'invalid_request'
  | 'invalid_version'
  | 'idempotency_key_required'
  | 'invalid_idempotency_key'
  | 'plain_http'
  | 'malformed_http'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'body_too_large'
  | 'uri_too_long'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'missing_api_key'
  | 'invalid_api_key'
  | 'revoked_api_key'
  | 'expired_api_key'
  | 'disabled_api_key'
  | 'invalid_checkout_secret'
  | 'checkout_session_over'
  | 'invalid_signature'
  | 'alert_signature_refused'
  | 'signature_replayed'
  | 'context_refused'
  | 'ip_not_allowed'
  | 'origin_not_allowed'
  | 'wrong_mode'
  | 'secret_key_in_browser'
  | 'key_in_url'
  | 'key_in_body'
  | 'key_amount_exceeded'
  | 'key_daily_amount_exceeded'
  | 'key_currency_refused'
  | 'key_customer_refused'
  | 'permission_denied'
  | 'publishable_key_refused'
  | 'people_only'
  | 'not_signed_in'
  | 'session_expired'
  | 'sign_in_unfinished'
  | 'step_not_due'
  | 'sign_in_failed'
  | 'step_up_required'
  | 'wrong_origin'
  | 'csrf_mismatch'
  | 'no_organization'
  | 'network_refused'
  | 'factor_not_allowed'
  | 'metrics_refused'
  | 'rate_limited'
  | 'not_found'
  | 'idempotency_conflict'
  | 'idempotency_mismatch'
  | 'payment_busy'
  | 'payment_state'
  | 'checkout_session_state'
  | 'checkout_url_refused'
  | 'logo_refused'
  | 'capture_amount_too_large'
  | 'refund_amount_too_large'
  | 'endpoint_limit_reached'
  | 'vault_key_state'
  | 'key_in_use'
  | 'share_refused'
  | 'keyring_refused'
  | 'too_early'
  | 'test_card_required'
  | 'invalid_card'
  | 'card_expired'
  | 'card_data_refused'
  | 'token_already_used'
  | 'token_expired'
  | 'cvc_token_expired'
  | 'live_mode_unavailable'
  | 'card_declined'
  | 'processor_error'
  | 'webhook_url_refused'
  | 'vault_unavailable'
  | 'unavailable'
  | 'fields_not_built'
  | 'internal_error'
  | 'card_gate_closed'
  | 'fields_required'
  | 'ip_list_required'
  | 'own_request'
  | 'gate_request_pending'
  | 'attestation_over'
  | 'card_key_exposed'
  | 'reveal_limit_exceeded'
  | 'reveal_key_unusable'
  | 'reveal_key_exists'
  | 'reveal_key_limit_reached'
  | 'idempotency_not_supported'
  | 'destination_not_allowed'
  | 'destination_url_refused'
  | 'destination_limit_reached'
  | 'forward_not_sent'
  | 'keys_only'
  | 'key_rotated_already'
  | 'key_state'
  | 'key_overdue'
  | 'key_limit_reached'
  | 'key_policy_refused'
  | 'link_invalid'
  | 'password_refused'
  | 'factor_exists'
  | 'last_factor'
  | 'passkey_refused'
  | 'passkey_limit_reached'
  | 'more_than_own'
  | 'last_owner'
  | 'own_membership'
  | 'already_member'
  | 'invitation_exists'
  | 'inviter_gone'
  | 'invitation_for_other'
  | 'email_taken'
  | 'email_domain_refused'
  | 'role_in_use'
  | 'role_name_taken'
  | 'locks_you_out'
  | 'nobody_can_decide'
  | 'factors_replaced'
  | 'decided_already';
