import { schemas } from 'payos-contract';
import Type from 'typebox';
import { publicRoute, type Route } from '../core/http/route.ts';
import type { PaymentDependencies } from './call-processor.ts';
import { cancelPayment } from './cancel-payment.ts';
import { capturePayment } from './capture-payment.ts';
import { createPayment } from './create-payment.ts';
import { createRefund } from './create-refund.ts';
import { getPayment } from './get-payment.ts';
import { getRefund, listRefunds } from './get-refund.ts';
import { listPayments } from './list-payments.ts';
import { reportPayments } from './report-payments.ts';
import { resume } from './resume.ts';

const payment = Type.Object({ id: schemas.Id('payment') }, schemas.closed);
const refund = Type.Object({ id: schemas.Id('refund') }, schemas.closed);

/** Payments and refunds. */
export function paymentRoutes(deps: PaymentDependencies): Route[] {
  return [...moneyRoutes(deps), refundRoute(deps), ...readRoutes()];
}

function moneyRoutes(deps: PaymentDependencies): Route[] {
  const errors = ['payment_state', 'payment_busy', 'processor_error'] as const;
  return [
    publicRoute({
      method: 'POST',
      path: '/v1/payments',
      permission: 'payments:write',
      customerBound: true,
      summary: 'Create a payment',
      tag: 'Payments',
      body: schemas.CreatePayment,
      response: { status: 201, schema: schemas.Payment },
      errors: [
        'card_declined',
        'processor_error',
        'token_already_used',
        'token_expired',
        'cvc_token_expired',
        'vault_unavailable',
        'live_mode_unavailable',
      ],
      idempotency: 'required',
      handle: (ctx, { body }) => createPayment(ctx, deps, body),
      resume,
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/payments/:id/capture',
      permission: 'payments:write',
      customerBound: true,
      summary: 'Capture an authorized payment, in full or in part',
      tag: 'Payments',
      params: payment,
      body: schemas.CapturePayment,
      response: { status: 200, schema: schemas.Payment },
      errors: [...errors, 'capture_amount_too_large'],
      idempotency: 'required',
      handle: (ctx, { params, body }) => capturePayment(ctx, deps, params.id, body.amount),
      resume,
    }),
    publicRoute({
      method: 'POST',
      path: '/v1/payments/:id/cancel',
      permission: 'payments:write',
      customerBound: true,
      summary: 'Cancel an authorized payment',
      tag: 'Payments',
      params: payment,
      body: schemas.CancelPayment,
      response: { status: 200, schema: schemas.Payment },
      errors,
      idempotency: 'required',
      handle: (ctx, { params, body }) => cancelPayment(ctx, deps, params.id, body.reason),
      resume,
    }),
  ];
}

/** Sending money back. */
function refundRoute(deps: PaymentDependencies): Route {
  return publicRoute({
    method: 'POST',
    path: '/v1/refunds',
    permission: 'refunds:write',
    customerBound: true,
    summary: 'Refund a payment, in full or in part',
    tag: 'Refunds',
    body: schemas.CreateRefund,
    response: { status: 201, schema: schemas.Refund },
    errors: ['payment_state', 'refund_amount_too_large'],
    idempotency: 'required',
    handle: (ctx, { body }) => createRefund(ctx, deps, body),
    resume,
  });
}

function readRoutes(): Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/v1/reports/payments',
      permission: 'reports:read',
      summary: 'Report totals of payments',
      tag: 'Payments',
      query: schemas.ReportPayments,
      response: { status: 200, schema: schemas.PaymentReport },
      handle: (ctx, { query }) => reportPayments(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/payments',
      permission: 'payments:read',
      customerBound: true,
      summary: 'List payments',
      tag: 'Payments',
      query: schemas.ListPayments,
      response: { status: 200, schema: schemas.PaymentPage },
      handle: (ctx, { query }) => listPayments(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/payments/:id',
      permission: 'payments:read',
      customerBound: true,
      summary: 'Retrieve a payment with its attempts',
      tag: 'Payments',
      params: payment,
      response: { status: 200, schema: schemas.PaymentWithAttempts },
      handle: (ctx, { params }) => getPayment(ctx, params.id),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/refunds',
      permission: 'refunds:read',
      customerBound: true,
      summary: 'List refunds',
      tag: 'Refunds',
      query: schemas.ListRefunds,
      response: { status: 200, schema: schemas.RefundPage },
      handle: (ctx, { query }) => listRefunds(ctx, query),
    }),
    publicRoute({
      method: 'GET',
      path: '/v1/refunds/:id',
      permission: 'refunds:read',
      customerBound: true,
      summary: 'Retrieve a refund',
      tag: 'Refunds',
      params: refund,
      response: { status: 200, schema: schemas.Refund },
      handle: (ctx, { params }) => getRefund(ctx, params.id),
    }),
  ];
}
