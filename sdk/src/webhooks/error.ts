import { PayOSError } from '../errors.ts';

/** Why a webhook was refused. Log it; answer 400. */
export type WebhookFailure =
  | 'body_not_raw'
  | 'body_not_json'
  | 'duplicate_header'
  | 'invalid_id'
  | 'invalid_option'
  | 'invalid_secret'
  | 'invalid_timestamp'
  | 'missing_header'
  | 'signature_mismatch'
  | 'timestamp_too_new'
  | 'timestamp_too_old'
  | 'too_many_signatures';

/** The webhook must not be believed. `message` names the usual cause; it never shows a secret. */
export class WebhookVerificationError extends PayOSError {
  override readonly name = 'WebhookVerificationError';
  readonly reason: WebhookFailure;

  constructor(reason: WebhookFailure, title: string, fix: string) {
    super({ code: 'webhook_refused', title, fix });
    this.reason = reason;
  }
}
