import type { ErrorCode, schemas } from 'payos-contract';
import { ApiError } from '../core/errors.ts';
import { Reply } from '../core/http/route.ts';
import { type PaymentRow, toPayment } from './payment.ts';

/** Failures that say more to a merchant than "the processor could not". */
const failureCodes: Partial<Record<string, ErrorCode>> = {
  vault_unavailable: 'vault_unavailable',
  token_already_used: 'token_already_used',
  token_expired: 'token_expired',
  not_found: 'not_found',
  'not_sent: cvc_token_expired': 'cvc_token_expired',
};

/** The answer to whoever asked for the payment: the payment, or why there is none. */
export function answerPayment(
  payment: PaymentRow,
  requestId: string | undefined,
): schemas.Payment | Reply {
  if (payment.status !== 'failed') return toPayment(payment);
  const error = asError(payment);
  return new Reply(error.status, error.toProblem(requestId ?? ''));
}

function asError(payment: PaymentRow): ApiError {
  if (payment.decline_code !== null) {
    return new ApiError('card_declined', {
      detail: `The card was declined: ${payment.decline_code}.`,
      decline_code: payment.decline_code,
      payment: payment.id,
    });
  }
  const code = failureCodes[payment.failure ?? ''] ?? 'processor_error';
  return new ApiError(code, { payment: payment.id });
}
