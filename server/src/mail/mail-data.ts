import type { Mode, schemas } from 'payos-contract';

/** When and where from something was done. */
export type Circumstances = {
  /** RFC 3339. */
  at: string;
  address: string | undefined;
  /** Browser and system, as they say of themselves. */
  device: string | undefined;
};

/** A link that works once: the mail puts the installation's own address before the token. */
type OneTimeLink = { token: string; expiresAt: string };
type Personal = { name: string };
type Factor = Exclude<schemas.FactorKind, 'recovery_code'>;

/** The key a mail is about. */
export type AboutKey = {
  organization: string;
  key: Pick<schemas.ApiKey, 'id' | 'name' | 'hint' | 'mode'>;
};

/** Where card numbers were found, and how many. */
type AboutCardData = {
  stream: schemas.CardDataFinding['stream'];
  place: string;
  count: number;
  requestId: string | null;
  at: string;
};

/** Every mail there is, with what its text needs. */
export type MailData = {
  invitation: OneTimeLink & {
    organization: string;
    inviter: string;
    /** Names of the roles as people read them. */
    roles: Readonly<Record<Mode, string | null>>;
  };
  password_reset: Personal & Circumstances & OneTimeLink;
  /** To the new address. */
  email_change: Personal & Circumstances & OneTimeLink;
  /** To the old address. */
  email_changed: Personal & Circumstances & { email: string };
  account_locked: Personal & Circumstances & { until: string };
  password_changed: Personal & Circumstances;
  factor_added: Personal & Circumstances & { factor: Factor; label?: string };
  factor_removed: Personal & Circumstances & { factor: Factor; label?: string };
  recovery_code_used: Personal & Circumstances & { left: number };
  recovery_codes_renewed: Personal & Circumstances;
  /** To each who may decide. */
  factor_reset_requested: Personal &
    Circumstances & { organization: string; person: string; email: string };
  /** To the one who asked, or in whose name somebody asked who knows the password. */
  own_factor_reset_requested: Personal & Circumstances;
  factor_reset_approved: Personal & { organization: string; at: string };
  factor_reset_refused: Personal & { organization: string; at: string };
  /** By whoever runs the machine. */
  factors_removed: Personal & { at: string };
  /** From a device that has not been seen before. */
  new_sign_in: Personal & Circumstances;
  /** A key of live mode, by somebody with their name or by an operator. */
  api_key_created: Personal & Circumstances & AboutKey & { by: string | undefined };
  api_key_rotated: Personal &
    Circumstances &
    AboutKey & { by: string | undefined; retiresAt: string; successor: string };
  /** It ends then, or is to be replaced by then. */
  api_key_expiring: Personal & AboutKey & { at: string; ends: 'expiry' | 'age' };
  /** It was to be replaced by then. `frozen`: it gets no further permissions. */
  api_key_overdue: Personal & AboutKey & { at: string; frozen: boolean };
  api_key_exposed: Personal &
    AboutKey & {
      at: string;
      how: (typeof schemas.exposures)[number];
      /** An address, or the URL of a leak. */
      where: string | undefined;
      done: 'flag' | 'disable' | 'revoke';
    };
  /** To each who decides on the card gate of live mode. */
  card_gate: Personal & {
    organization: string;
    what: 'requested' | 'approved' | 'rejected' | 'closed' | 'expiring' | 'expired';
    scopes: schemas.GateScopes;
    until: string;
    /** Why it was closed. `cause` is person, or the incident that PayOS closed it for. */
    reason: string | null;
    cause: schemas.GateClosing | null;
  };
  /** To each of them: a key that live cards are to be sealed to. */
  reveal_key: Personal & {
    organization: string;
    what: 'requested' | 'approved';
    label: string;
    thumbprint: string;
  };
  /** To each who decides on the card gate of live mode. */
  card_data_found: Personal & AboutCardData & { organization: string };
  /** To the operator: it is not known whose it was. */
  card_data_alert: AboutCardData;
  /** To each who decides where live cards may be sent. */
  forward_destination: Personal & {
    organization: string;
    what: 'requested' | 'approved';
    destination: string;
    url: string;
  };
};

export type Template = keyof MailData;

/** A mail to be written, its data fitting its template. */
export type NewMail = {
  [T in Template]: {
    to: string;
    template: T;
    data: MailData[T];
    organization?: string;
  };
}[Template];
